"""Which callbacks have been answered, so that one that comes twice has one effect (threat model, TM-W3).

The stored answer may name the number to dial, so it is sealed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.domain.ids import ConnectionId
from softphone.domain.secret import Secret
from softphone.store.database import Connection, to_micros
from softphone.store.sealing import Keyring, Place

KEEP_NONCES = timedelta(days=7)  # Threat model, section 4.


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A request that came before with the same nonce, and what it was answered."""

    digest: str
    answer: bytes | None


async def claim_nonce(
    db: Connection, connection_id: ConnectionId, nonce: str, *, digest: str, keyring: Keyring, now: datetime
) -> Earlier | None:
    """Take a nonce for this unit. None if it is new; what came with it before otherwise."""
    claimed = await db.fetch_one(
        "INSERT INTO nonces (connection_id, nonce, request_hash, received_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (connection_id, nonce) DO NOTHING RETURNING nonce",
        connection_id,
        nonce,
        digest,
        to_micros(now),
    )
    if claimed is not None:
        return None
    row = await db.fetch_one(
        "SELECT request_hash, answer_sealed FROM nonces WHERE connection_id = $1 AND nonce = $2", connection_id, nonce
    )
    if row is None:
        return Earlier(digest="", answer=None)
    sealed = row[1]
    answer = keyring.open(str(sealed), _place(connection_id, nonce)).reveal().encode() if sealed is not None else None
    return Earlier(digest=str(row[0]), answer=answer)


async def update_nonce_answer(
    db: Connection, connection_id: ConnectionId, nonce: str, *, answer: bytes, keyring: Keyring
) -> None:
    """Keep the answer beside its nonce."""
    db.put(
        "UPDATE nonces SET answer_sealed = $3 WHERE connection_id = $1 AND nonce = $2",
        connection_id,
        nonce,
        keyring.seal(Secret(answer.decode()), _place(connection_id, nonce)),
    )


async def delete_nonces_before(db: Connection, moment: datetime) -> int:
    """Forget nonces received before a moment; how many."""
    return await db.execute("DELETE FROM nonces WHERE received_at < $1", to_micros(moment))


def _place(connection_id: ConnectionId, nonce: str) -> Place:
    return Place("nonces", "answer", f"{connection_id}/{nonce}")
