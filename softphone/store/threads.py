"""A thread that runs calls one after the other, so that a library that blocks never holds up the loop."""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class OwnThread:
    """One thread, started at once. What is handed to it runs in that order, also when nobody waits for it any more."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def hand(self, call: Callable[[], T]) -> "asyncio.Future[T]":
        """Have the thread run `call`; its result, or what it raised, is to come."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._calls.put_nowait((future, call))
        return future

    async def stop(self) -> None:
        """Wait until everything handed over has run, and end the thread. Nothing can be handed over afterwards."""
        self._calls.put_nowait(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while (handed := self._calls.get()) is not None:
            future, call = handed
            result: object = None
            raised: BaseException | None = None
            try:
                result = call()
            except BaseException as error:
                raised = error
            try:
                future.get_loop().call_soon_threadsafe(_settle, future, result, raised)
            except RuntimeError:
                # The loop has closed: nobody can be told, and what was asked has been done.
                continue
            finally:
                # Not kept until the next call comes: an exception holds frames, and they hold much.
                del handed, future, call, result, raised


def _settle(future: "asyncio.Future[Any]", result: object, raised: BaseException | None) -> None:
    if future.done():
        return
    if raised is not None:
        future.set_exception(raised)
    else:
        future.set_result(result)
