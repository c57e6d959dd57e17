"""Secrets at rest: sealed before they cross into the database, opened after they come back.

AES-256-GCM. The associated data binds a sealed value to its table, column and row, so that a value copied to another
row does not open (threat model, TM-D2). The text form is `v1:{key id}:{nonce ‖ ciphertext ‖ tag in base64url}`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from softphone.domain.secret import Secret

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D 5.2.1.1: 96 bits, drawn at random for each value.


class SealBroken(Exception):
    """A sealed value does not open: another key, another row, or it was altered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives."""

    table: str
    column: str
    row: str


class Keyring:
    """Seals and opens with one master key, and derives the keys for hashes that must not be reversible without it."""

    def __init__(self, master_key: bytes, *, chance: Callable[[int], bytes]) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError("the master key has 32 bytes")
        self._master = master_key
        self._chance = chance
        self.key_id = hashlib.sha256(b"softphone key id" + master_key).hexdigest()[:8]
        self._aead = AESGCM(self.derive("seal"))

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose. Knowing it tells nothing about the master key or about other purposes."""
        return hmac.new(self._master, b"softphone/" + purpose.encode(), hashlib.sha256).digest()

    def seal(self, secret: Secret, place: Place) -> str:
        """The secret as text that may be stored at `place`."""
        nonce = self._chance(NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, secret.reveal().encode(), self._bound(place))
        return f"v1:{self.key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: Place) -> Secret:
        """The secret stored at `place`.

        Raises: SealBroken if it was sealed with another key or for another place, or was altered.
        """
        try:
            version, key_id, text = sealed.split(":", 2)
            raw = base64.urlsafe_b64decode(text.encode())
            if version != "v1" or key_id != self.key_id:
                raise SealBroken(f"sealed with another key ({key_id})")
            return Secret(self._aead.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound(place)).decode())
        except (ValueError, InvalidTag) as error:
            raise SealBroken(f"{place.table}.{place.column} does not open") from error

    def _bound(self, place: Place) -> bytes:
        return "/".join((place.table, place.column, place.row, self.key_id)).encode()
