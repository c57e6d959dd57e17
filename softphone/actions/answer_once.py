"""Answer a callback once, however often it comes (threat model, TM-W3)."""

import hmac
from collections.abc import Awaitable, Callable

from softphone.actions.world import World
from softphone.plivo.answers import HANG_UP
from softphone.plivo.callbacks import VerifiedCallback
from softphone.store.database import Connection
from softphone.store.nonces import claim_nonce, update_nonce_answer


class ReplayRefused(Exception):
    """A nonce has come again with another request."""


async def answer_once(
    world: World, callback: VerifiedCallback, answer: Callable[[Connection], Awaitable[bytes]]
) -> bytes:
    """Run `answer` in one unit with its nonce, or give the stored answer again without any effect.

    Raises: ReplayRefused if the nonce was used for another request.
    """
    connection_id = callback.connection.id

    async def unit(db: Connection) -> bytes:
        earlier = await claim_nonce(
            db, connection_id, callback.nonce, digest=callback.digest, keyring=world.keyring, now=world.clock()
        )
        if earlier is not None and not hmac.compare_digest(earlier.digest, callback.digest):
            raise ReplayRefused
        if earlier is not None:
            return earlier.answer or HANG_UP
        made = await answer(db)
        await update_nonce_answer(db, connection_id, callback.nonce, answer=made, keyring=world.keyring)
        return made

    return await world.database.write(unit)
