"""Small values that nobody but us can read or make, as cookies keep them."""

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Kept = dict[str, Any]  # any JSON value: what is kept in a cookie


class Seal:
    """
    Encrypts and opens values of one purpose with the time of their sealing, in seconds.

    What was sealed with another secret, or for another purpose, is none of ours.
    """

    def __init__(self, secret: str, purpose: str, clock: Callable[[], float]) -> None:
        kdf = HKDF(SHA256(), 32, salt=None, info=purpose.encode())
        self._fernet = Fernet(urlsafe_b64encode(kdf.derive(secret.encode())))
        self._clock = clock

    def written(self, kept: Kept) -> str:
        """Seal a value, as text for a cookie."""
        packed = zlib.compress(json.dumps(kept).encode())
        return self._fernet.encrypt_at_time(packed, int(self._clock())).decode()

    def read(self, text: str | None, longest_s: int) -> tuple[int, Kept | None]:
        """Open a value, with when it was sealed; None when it is not ours, or older than that."""
        token = (text or "").encode()
        try:
            sealed_at = self._fernet.extract_timestamp(token)
            kept: Kept = json.loads(zlib.decompress(self._fernet.decrypt(token)))
        except InvalidToken:
            return 0, None
        return sealed_at, kept if self._clock() - sealed_at < longest_s else None
