"""What a thread is given, it does: in order, to the end."""

import asyncio

import pytest

from softphone.store.threads import OwnThread


async def test_calls_run_in_order_also_when_nobody_waits_any_more() -> None:
    """A caller who goes away takes nothing back: what comes after it may rest on what came before."""
    thread, done = OwnThread("test"), list[int]()

    async def ask(number: int) -> None:
        await thread.hand(lambda: done.append(number))

    asking = [asyncio.create_task(ask(number)) for number in range(3)]
    await asyncio.sleep(0)
    asking[1].cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await thread.stop()

    assert done == [0, 1, 2]


async def test_what_a_call_raises_reaches_whoever_waits_and_the_thread_goes_on() -> None:
    """One failure is one caller's."""
    thread = OwnThread("test")

    with pytest.raises(ZeroDivisionError):
        await thread.hand(lambda: 1 // 0)

    assert await thread.hand(lambda: "still here") == "still here"
    await thread.stop()
