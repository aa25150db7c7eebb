"""HSA-ids: strict in our own data, loose at the wire, compared without case, never trimmed."""

import re
from dataclasses import dataclass

# INTEROP §6.1: SE + organisation number + '-' + up to 18 characters, 31 in all.
_STRICT = re.compile(r"SE[0-9]{10}-[A-Za-z0-9]{1,18}")
# INTEROP §3.2 and §2.3: what a service address catalogue accepts, and '#' in calls.
_LOOSE = re.compile(r"[0-9A-Za-z_\-#]{1,255}")


@dataclass(frozen=True, slots=True, eq=False)
class HsaId:
    """
    An HSA-id as it was written, equal to any other spelling of its letters in upper or lower case.

    Blanks at the ends are kept, so such an id matches nothing (INTEROP §6.1: never trimmed).
    """

    text: str

    @property
    def key(self) -> str:
        """The spelling used for comparison and as a look-up key."""
        return self.text.lower()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HsaId) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.text


def is_strict(text: str) -> bool:
    """Tell whether `text` is an HSA-id as the directory issues them (INTEROP §6.1)."""
    return _STRICT.fullmatch(text) is not None


def is_loose(text: str) -> bool:
    """Tell whether `text` can be an address at the wire, test and legacy ids included."""
    return _LOOSE.fullmatch(text) is not None
