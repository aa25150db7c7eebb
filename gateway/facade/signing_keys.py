"""The public keys of the issuer of tokens: what is known stays known when it cannot be read."""

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx
import structlog
from anyio import Lock
from anyio.to_thread import run_sync
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import base64_to_int

from gateway.domain.errors import StartRefused, Unavailable
from gateway.domain.notation import Json
from gateway.domain.policy import Policy
from gateway.wire import lent_client

# Anybody can make up the name of a key; the issuer is asked this often at most, in seconds.
ASK_AGAIN_S = 30.0
# A key that the issuer has withdrawn is forgotten after this, in seconds.
OLD_AFTER_S = 3600.0
_SMALLEST_RSA_BITS = 2048
_POLICY = Policy(connect_timeout_s=2.0, read_timeout_s=5.0)

Key = RSAKey | ECKey
log = structlog.get_logger()


class SigningKeys:
    """
    Keys by name (`kid`), read with `read` when they are needed, outside the event loop.

    They are read anew when a name is not known, and when they are old.
    """

    def __init__(self, read: Callable[[], bytes], clock: Callable[[], float] = monotonic) -> None:
        """Know nothing yet; `clock` is in seconds."""
        self._read = read
        self._clock = clock
        self._keys: list[Key] | None = None
        self._asked_at = -ASK_AGAIN_S
        self._read_at = -OLD_AFTER_S
        self._asking = Lock()

    async def find(self, name: str | None) -> Key | None:
        """
        Give the key of this name; without a name, the only one there is.

        Raises Unavailable while no keys have ever been read.
        """
        # Who has its key does not wait for what another asks.
        if self._find(name) is None or self._is_due(name):
            async with self._asking:
                if self._is_due(name):
                    await self._ask()
        if self._keys is None:
            raise Unavailable("the keys of the issuer of tokens cannot be read")
        return self._find(name)

    def _find(self, name: str | None) -> Key | None:
        keys = self._keys or []
        if name is None:
            return keys[0] if len(keys) == 1 else None
        return next((key for key in keys if key.kid == name), None)

    def _is_due(self, name: str | None) -> bool:
        now = self._clock()
        if now - self._asked_at < ASK_AGAIN_S:
            return False
        return self._find(name) is None or now - self._read_at >= OLD_AFTER_S

    async def _ask(self) -> None:
        self._asked_at = self._clock()
        try:
            self._keys = usable_keys(await run_sync(self._read))
        except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            log.warning("token_keys.unreadable", kept=len(self._keys or ()), fault=_words(error))
        else:
            self._read_at = self._asked_at


def keys_at(place: str) -> SigningKeys:
    """Give the keys of a file, which must be there, or of an address; raises StartRefused."""
    if "://" in place:
        return SigningKeys(lambda: _fetched(place))
    try:
        usable_keys(Path(place).read_bytes())
    except (OSError, ValueError) as error:
        raise StartRefused(f"oauth.jwks: {place}: {_words(error)}") from error
    return SigningKeys(Path(place).read_bytes)


def usable_keys(document: bytes) -> list[Key]:
    """Read the keys of a JWKS (RFC 7517) that can verify tokens; raises ValueError for none."""
    try:
        listed = json.loads(document)["keys"]
        found = [key for one in listed if (key := _key(one))]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("is no JWKS: JSON with a list named keys") from None
    if not found:
        raise ValueError("holds no key to verify with: RSA of 2048 bits or more, or EC P-256")
    return found


def _key(told: Json) -> Key | None:
    """Read one key; what is of another kind, or for something else, is passed over."""
    try:
        if told.get("use", "sig") != "sig":
            return None
        if told["kty"] == "EC":
            key = ECKey.import_key(told)
            return key if key.curve_name == "P-256" else None
        # Looked at before, because the library takes a small one with a mere warning.
        if told["kty"] == "RSA" and base64_to_int(told["n"]).bit_length() >= _SMALLEST_RSA_BITS:
            return RSAKey.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return None


def _fetched(address: str) -> bytes:
    with lent_client(_POLICY) as client:
        return client.get(address).raise_for_status().content


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error) if isinstance(error, ValueError) else type(error).__name__
