"""The parts of one sandbox, made and joined. Nothing runs until calls arrive."""

import asyncio
from collections.abc import Callable

import httpx2

from softphone.sandbox.accounts import Account
from softphone.sandbox.addresses import addresses_of
from softphone.sandbox.call import Engine
from softphone.sandbox.callbacks import Callbacks
from softphone.sandbox.calls import Calls
from softphone.sandbox.faults import Faults
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Ladders
from softphone.sandbox.legs import Arrival, Leg
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.parties import Parties
from softphone.sandbox.phones import PhoneBook, Route
from softphone.sandbox.rest.desk import Desk
from softphone.sandbox.scripted import Surroundings
from softphone.sandbox.sip.digest import Nonces
from softphone.sandbox.sip.journal import Journal
from softphone.sandbox.sip.network import SipNetwork
from softphone.sandbox.sip.registrar import Registrar
from softphone.sandbox.sip.service import FromShape, SipService
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
    """Where a `<Dial>` finds its callees: scripted ones first, then devices on SIP and pages with a number."""

    def __init__(self, *, sip: SipService, book: PhoneBook, scripted: Callable[[str], Leg | None]) -> None:
        self._sip = sip
        self._book = book
        self._scripted = scripted

    def user(self, sip_user: str) -> Leg | None:
        """A leg to the scripted callee, or to the device that registered last."""
        return self._scripted(sip_user) or self._sip.user(sip_user)

    def number(self, digits: str) -> Leg | None:
        """A leg to the scripted callee, or to the page with this number."""
        return self._scripted(digits) or self._book.leg_to(digits)


class Plant:
    """Every part of one sandbox. `second`: how long a second of a document lasts, in seconds."""

    def __init__(
        self,
        options: SandboxOptions,
        *,
        ids: Ids | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        second: float = 1.0,
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
        self.journal = Journal(clock=options.clock)
        registrar = Registrar(
            account=self.account,
            tokens=self.tokens,
            nonces=Nonces(key=self.ids.token_key()),
            journal=self.journal,
        )
        self.sip = SipService(
            account=self.account,
            registrar=registrar,
            arrive=self.arrive,
            ids=self.ids,
            clock=options.clock,
            host=options.host,
        )
        self.network = SipNetwork(self.sip, journal=self.journal)
        self.sip.from_shape = FromShape(options.from_shape)
        self.account.recordings.base_url = addresses_of(options, options.port).url
        self.parties = Parties(
            account=self.account,
            arrive=lambda arrival: self.engine.arrive(arrival),
            new_id=self.ids.uuid,
            around=Surroundings(chance=self.ids.bytes, second=second),
        )
        self.engine = Calls(
            Engine(
                account=self.account,
                callbacks=self.callbacks,
                ladders=self.ladders,
                exchange=Exchange(sip=self.sip, book=self.book, scripted=self.parties.leg_to),
                ids=self.ids,
                clock=options.clock,
                second=second,
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
        await self.network.close()

    def _route(self, dialled: str) -> Route:
        """Our numbers lead to their application; addresses and other numbers are rung directly (`wire.md` 5.1)."""
        number = self.account.number(dialled)
        if number is not None:
            return Route(number.app_id)
        return Route(None, f"<User>{dialled}</User>" if dialled.startswith("sip:") else f"<Number>{dialled}</Number>")
