"""The last ring list of each number that this process knows, for the time when the database does not answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from softphone.domain.connections import Connection
from softphone.domain.hotline import Hotline
from softphone.domain.ids import ConnectionId, PhoneNumber
from softphone.domain.routing import APPS, MOST_AT_ONCE, Callee, Candidate
from softphone.domain.standing import BUSY


@dataclass(frozen=True, slots=True, kw_only=True)
class RingList:
    """Browsers and softphones that could ring, or were only busy, when a caller was last routed. Private phones are
    not in it: whether their owners still want it cannot be asked.
    """

    connection: Connection
    hotline: Hotline
    callees: tuple[Callee, ...]
    takes_messages: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What this process last read. It decides nothing while the database answers."""

    _lists: dict[tuple[ConnectionId, PhoneNumber], RingList] = field(default_factory=dict)
    _connections: dict[str | None, Connection] = field(default_factory=dict)

    def remember(
        self,
        connection: Connection,
        hotline: Hotline,
        candidates: Sequence[Candidate],
        *,
        takes_messages: bool,
        now: datetime,
    ) -> None:
        """Keep who could ring for a hotline just now."""
        able = [one for one in candidates if one.obstacle is None or one.obstacle in BUSY][:MOST_AT_ONCE]
        made = RingList(
            connection=connection,
            hotline=hotline,
            callees=tuple(callee for one in able for callee in one.phones if callee.phone in APPS),
            takes_messages=takes_messages,
            made_at=now,
        )
        for number in hotline.numbers:
            self._lists[connection.id, number] = made

    def ring_list(self, connection_id: ConnectionId, called: PhoneNumber | None) -> RingList | None:
        """The last ring list of a number."""
        return self._lists.get((connection_id, called)) if called else None

    def remember_connection(self, name: str | None, connection: Connection) -> None:
        """Keep a connection under the name in a callback's path; None is the default one."""
        self._connections[name] = connection

    def connection(self, name: str | None) -> Connection | None:
        """The connection as it was last read."""
        return self._connections.get(name)
