"""Ids in the shapes Plivo gives them. The source of chance is passed in, so a test can know what will come."""

import random
import uuid


class Ids:
    """Makes ids. `Ids()` takes the operating system's chance; pass a seeded `random.Random` to repeat a run."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.SystemRandom()

    def digits(self, count: int) -> str:
        """`count` digits, the first of them not 0: application ids have 17, endpoint ids 14 (`rest.md` 16)."""
        return str(self._chance.randint(10 ** (count - 1), 10**count - 1))

    def uuid(self) -> str:
        """A UUID, as calls and API answers are named."""
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def token_key(self) -> bytes:
        """A key that only this sandbox knows, to sign the tokens it mints."""
        return self._chance.getrandbits(256).to_bytes(32, "big")

    def bytes(self, count: int) -> bytes:
        """`count` bytes, at least one."""
        return self._chance.getrandbits(8 * count).to_bytes(count, "big")

    def text(self, count: int, letters: str) -> str:
        """`count` characters of `letters`."""
        return "".join(self._chance.choice(letters) for _ in range(count))
