"""What a ladder keeps of an answer."""

import pytest

from softphone.plivo.redacted import without_numbers

DOCUMENT = """<Response><Speak language="en-US">Call 0800 111 0 111 or +1 (415) 555-0177 by 12:30.</Speak>\
<Dial timeout="20" timeLimit="10800" callerId="14155550100" sipHeaders="ref=00112233aabbccdd" \
action="https://x.example/telephony/main/incoming/next?step=3"><User>sip:ana140703093944_MAXXXXXXXXXXXXXXXXXX@\
phone.plivo.com</User><Number>14155550177</Number></Dial></Response>"""


@pytest.mark.tm("TM-D5")
def test_no_number_and_no_address_is_kept() -> None:
    """Callees, caller IDs, and numbers in spoken words; what is no number stays."""
    kept = without_numbers(DOCUMENT.encode())

    for hidden in ("14155550100", "14155550177", "ana1407", "0800 111", "555-0177"):
        assert hidden not in kept
    for shown in ("<User>…</User>", "<Number>…</Number>", 'timeLimit="10800"', "step=3", "00112233aabbccdd", "12:30"):
        assert shown in kept
