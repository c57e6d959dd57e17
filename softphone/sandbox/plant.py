"""The parts of one sandbox, made and joined. Nothing runs until calls arrive."""

import asyncio
from collections.abc import Callable

import httpx2

from softphone.sandbox.accounts import Account
from softphone.sandbox.call import Engine
from softphone.sandbox.callbacks import Callbacks
from softphone.sandbox.calls import Calls
from softphone.sandbox.faults import Faults
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Ladders
from softphone.sandbox.legs import Arrival, Leg
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.phones import PhoneBook, Route
from softphone.sandbox.rest.desk import Desk
from softphone.sandbox.sip.digest import Nonces
from softphone.sandbox.sip.registrar import Registrar
from softphone.sandbox.sip.service import SipService
from softphone.sandbox.tokens import TokenOptions, Tokens


class Gate:
    """Lets signalling sockets in, or not for a while. `seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._closed_until = 0.0

    def close_for(self, span: float) -> None:
        """Refuse new sockets for `span` seconds."""
        self._closed_until = self._seconds() + span

    @property
    def open(self) -> bool:
        """Whether a new socket may come in."""
        return self._seconds() >= self._closed_until


class Exchange:
    """Where a `<Dial>` finds its callees: devices on SIP, and pages with a number."""

    def __init__(self, *, sip: SipService, book: PhoneBook) -> None:
        self._sip = sip
        self._book = book

    def user(self, sip_user: str) -> Leg | None:
        """A leg to the device that registered last."""
        return self._sip.user(sip_user)

    def number(self, digits: str) -> Leg | None:
        """A leg to the page with this number."""
        return self._book.leg_to(digits)


class Plant:
    """Every part of one sandbox."""

    def __init__(
        self,
        options: SandboxOptions,
        *,
        ids: Ids | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.options = options
        self.clock = options.clock
        self.ids = ids or Ids()
        self.faults = Faults()
        self.ladders = Ladders(clock=options.clock)
        self.account = Account(
            auth_id=options.auth_id, auth_token=options.auth_token, ids=self.ids, numbers=options.numbers
        )
        self.tokens = Tokens(
            auth_id=options.auth_id,
            auth_token=options.auth_token,
            minting_key=self.ids.token_key(),
            options=TokenOptions(refuse_local=options.refuse_local_tokens, minted_life=options.minted_life),
        )
        self.callbacks = Callbacks(auth_token=options.auth_token, ids=self.ids, faults=self.faults, transport=transport)
        self.book = PhoneBook(new_call=self.ids.uuid, route=self._route)
        registrar = Registrar(account=self.account, tokens=self.tokens, nonces=Nonces(key=self.ids.token_key()))
        self.sip = SipService(
            account=self.account, registrar=registrar, arrive=self.arrive, ids=self.ids, clock=options.clock
        )
        self.engine = Calls(
            Engine(
                account=self.account,
                callbacks=self.callbacks,
                ladders=self.ladders,
                exchange=Exchange(sip=self.sip, book=self.book),
                ids=self.ids,
                clock=options.clock,
            )
        )
        self.desk = Desk(
            account=self.account,
            tokens=self.tokens,
            ids=self.ids,
            clock=options.clock,
            registration_of=self.sip.registered,
            calls=self.engine,
        )
        self.gate = Gate(lambda: asyncio.get_running_loop().time())
        self.closing = asyncio.Event()

    def arrive(self, arrival: Arrival) -> None:
        """Hand a call that comes in to the engine."""
        self.engine.arrive(arrival)

    async def next_version(self, seen: int) -> int:
        """The version of the calls' records when it is newer than `seen`, or when the sandbox closes."""
        waiting = asyncio.create_task(self.ladders.wait_for_change(seen))
        closing = asyncio.create_task(self.closing.wait())
        try:
            await asyncio.wait({waiting, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            closing.cancel()
        return self.ladders.version

    async def close(self) -> None:
        """End calls and what still runs."""
        self.closing.set()
        await self.engine.close()
        await self.callbacks.close()

    def _route(self, dialled: str) -> Route:
        """Our numbers lead to their application; addresses and other numbers are rung directly (`wire.md` 5.1)."""
        number = self.account.number(dialled)
        if number is not None:
            return Route(number.app_id)
        return Route(None, f"<User>{dialled}</User>" if dialled.startswith("sip:") else f"<Number>{dialled}</Number>")
