"""An endpoint has started a call: load, decide, record, tell, in one unit.

Nothing here asks Plivo anything. The limits are counted in the unit that adds the call, so that no two calls can pass
where one may (threat model, TM-F2).
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from softphone.actions.answer_once import answer_once
from softphone.actions.record_call import record_news
from softphone.actions.world import World
from softphone.domain.call_views import call_body, masked
from softphone.domain.calls import NOT_BEGUN, Call, CallState, Party, PeerKind, fold, refused
from softphone.domain.dialling import LONGEST_CALL, Colleague, DialDecision, DialFacts, Refuse, Spent, decide_dial
from softphone.domain.endpoints import EndpointKind
from softphone.domain.ids import VolunteerId
from softphone.domain.numbers import Dialled, ReadColleague, ReadNumber, read_dialled
from softphone.domain.refusals import Refusal
from softphone.domain.volunteers import Volunteer
from softphone.plivo.answers import HANG_UP, Around, render_dial
from softphone.plivo.callbacks import Outgoing, VerifiedCallback, read_hangup, read_outgoing
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.calls import NewCall, insert_call, select_facts, select_known
from softphone.store.database import Connection
from softphone.store.dialling import Caller, select_caller, select_colleague, select_spent
from softphone.store.events import append_event, only


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    caller: Caller | None
    colleague: Colleague | None
    peer_hash: str | None
    facts: DialFacts


async def dial_out(world: World, callback: VerifiedCallback) -> bytes:
    """The XML that puts the call through, or says why not.

    Raises: UnusableCallback, ReplayRefused.
    """
    asked = read_outgoing(callback)
    if asked.hangup:
        # Without a hangup URL of its own an application is told the end here (`wire.md` 4.4).
        return await record_news(world, callback, read_hangup(callback, now=world.clock()))
    return await answer_once(world, callback, lambda db: _answer(world, db, callback, asked=asked))


async def _answer(world: World, db: Connection, callback: VerifiedCallback, *, asked: Outgoing) -> bytes:
    known = await select_known(db, asked.call_uuid, keyring=world.keyring)
    now = world.clock()
    if known.asked_at is not None:
        # Asked again with another nonce: the same answer while the call can still live, and the end after it. Its age
        # decides too, because the news of its end may have been lost (TM-W3).
        return known.answer or HANG_UP if now - known.asked_at < LONGEST_CALL else HANG_UP
    loaded = await _load(world, db, callback, asked=asked, now=now)
    decision = decide_dial(loaded.facts)
    call = _call(asked, loaded, decision, now=now)
    answer = render_dial(decision, _around(world, callback, call))
    if known.facts and call.refusal is None:
        # The end came before the question; it is kept, and nobody is rung for a caller who has gone.
        call = replace(call, progress=fold(await select_facts(db, asked.call_uuid)))
        answer = HANG_UP if call.progress.state is CallState.ENDED else answer
    new = NewCall(
        connection_id=callback.connection.id,
        endpoint_id=loaded.caller.endpoint_id if loaded.caller else None,
        peer_hash=loaded.peer_hash,
        answer=answer,
    )
    await insert_call(db, call, new, keyring=world.keyring)
    await _tell(db, call, now=now)
    return answer


async def _load(world: World, db: Connection, callback: VerifiedCallback, *, asked: Outgoing, now: datetime) -> _Loaded:
    connection = callback.connection
    dialled = read_dialled(asked.dialled, country=connection.country, auth_id=connection.auth_id)
    caller = await select_caller(db, connection.id, asked.username) if asked.username else None
    colleague, peer_hash = None, _peer_hash(world, dialled)
    if caller and isinstance(dialled, ReadColleague):
        colleague = await select_colleague(db, connection.id, dialled.words)
    spent = Spent.nothing()
    if caller:
        peer = colleague.volunteer.id if colleague else None
        spent = await select_spent(db, caller.volunteer.id, peer=peer, peer_hash=peer_hash, now=now)
        # Read again inside the unit: a switch that went off since the signature was checked is off.
        connection = replace(connection, webrtc_enabled=caller.webrtc_enabled)
    facts = DialFacts(
        now=now,
        connection=connection,
        caller=caller.volunteer if caller else None,
        calls_from=caller.kind if caller else EndpointKind.BROWSER,
        dialled=dialled,
        colleague=colleague,
        spent=spent,
    )
    return _Loaded(caller=caller, colleague=colleague, peer_hash=peer_hash, facts=facts)


def _call(asked: Outgoing, loaded: _Loaded, decision: DialDecision, *, now: datetime) -> Call:
    refusal = decision.refusal if isinstance(decision, Refuse) else None
    dialled = loaded.facts.dialled
    peer = loaded.colleague.volunteer if loaded.colleague else None
    kind = PeerKind.COLLEAGUE if peer else PeerKind.NUMBER if isinstance(dialled, ReadNumber) else PeerKind.UNKNOWN
    return Call(
        id=asked.call_uuid,
        caller=_party(loaded.caller.volunteer) if loaded.caller else None,
        peer_kind=kind,
        peer=_party(peer) if peer else None,
        masked=masked(dialled.number) if isinstance(dialled, ReadNumber) else None,
        page_ref=asked.page_ref,
        refusal=refusal,
        started_at=now,
        progress=refused(now) if refusal else NOT_BEGUN,
    )


async def _tell(db: Connection, call: Call, *, now: datetime) -> None:
    told = [call.caller, None if call.refusal else call.peer]
    for party in told:
        if party is not None:
            volunteer = VolunteerId(party.id)
            await append_event(db, only(volunteer), "call", body=call_body(call, volunteer), now=now)
    if call.refusal is Refusal.UNKNOWN_CALLER:
        actor = Actor(id=None, name="Plivo")
        entry = AuditEntry(actor=actor, action="call.refused", subject=call.id, detail={"reason": call.refusal.value})
        await append_audit(db, entry, now=now)


def _around(world: World, callback: VerifiedCallback, call: Call) -> Around:
    base = f"{world.settings.public_url}/telephony/{callback.connection.id}"
    return Around(
        action_url=f"{base}/dialled",
        callback_url=f"{base}/legs",
        caller_name=call.caller.name if call.caller else None,
        languages=call.caller.languages if call.caller else (),
        page_ref=call.page_ref,
    )


def _party(volunteer: Volunteer) -> Party:
    return Party(id=volunteer.id, name=volunteer.name, extension=volunteer.extension, languages=volunteer.languages)


def _peer_hash(world: World, dialled: Dialled) -> str | None:
    if not isinstance(dialled, ReadNumber):
        return None
    return hmac.new(world.keyring.derive("phone number"), dialled.number.encode(), hashlib.sha256).hexdigest()
