"""
The code that an anonymous submitter is given once, and by which alone they are known (DOMAIN A9).

A code is 25 letters and digits in groups of five. The first twelve are made of who sent the case
and of its id there, the rest proves that it was made here: both with a secret, so that a repeat
gives the same code, nothing of it is stored, and none that was made up gets as far as the
database. Who sees what is stored of it, the number in a case, learns nothing of the code.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field

from gateway.domain.hsa import HsaId
from gateway.domain.person import ANONYMOUS_OID, PersonId

# Crockford's: without I, L, O and U, which are read wrongly.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_USUAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_USUAL, _ALPHABET)
# As people type: in any case, with blanks and dashes of whatever sort, and what looks alike.
_TYPED = str.maketrans("OIL", "011", " \t\r\n\xa0-\xad\u2010\u2011\u2012\u2013\u2014\u2212")
_NAME, _WHOLE, _GROUP = 12, 25, 5
# With a dash and blanks around every letter; what is longer is no code.
_LONGEST_TYPED = 100


@dataclass(frozen=True, slots=True)
class CaseCodes:
    """Makes and knows codes; who changes the secret makes all codes from before unknown."""

    secret: bytes = field(repr=False)

    def code_of(self, sender: HsaId, case_id: str) -> str:
        """Give the code of a case; the same sender and id always have the same code."""
        name = self._letters("name", f"{sender.key} {case_id}", _NAME)
        code = name + self._proof(name)
        return "-".join(code[at : at + _GROUP] for at in range(0, _WHOLE, _GROUP))

    def submitter_of(self, typed: str) -> PersonId | None:
        """Give whom a code stands for, as a case has them; None when it was not made here."""
        code = _read(typed)
        if len(code) != _WHOLE or not code.isascii():
            return None
        name, proof = code[:_NAME], code[_NAME:]
        if not hmac.compare_digest(proof, self._proof(name)):
            return None
        return PersonId(ANONYMOUS_OID, self._letters("number", name, _NAME))

    def _proof(self, name: str) -> str:
        return self._letters("proof", name, _WHOLE - _NAME)

    def _letters(self, purpose: str, of: str, how_many: int) -> str:
        digest = hmac.digest(self.secret, f"{purpose} {of}".encode(), "sha256")
        return b32encode(digest).decode().translate(_TO_CROCKFORD)[:how_many]


def _read(typed: str) -> str:
    """Read a code as it was typed."""
    return typed[:_LONGEST_TYPED].upper().translate(_TYPED)
