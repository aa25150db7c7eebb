"""Who has signed in with an e-identification, as the identity provider tells (DOMAIN A1, A8)."""

import re
from dataclasses import dataclass, field

from gateway.console.claims import Claims, NotUnderstood, shown_name, text_at
from gateway.domain.person import PersonId, warnings
from gateway.domain.person_number import person_id_of
from gateway.settings.citizen_sign_in import CitizenClaimNames

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen; the name is what pages show, and the number is what no page shows."""

    person_id: PersonId
    name: str = field(repr=False)


def citizen_of(claims: Claims, names: CitizenClaimNames) -> Citizen:
    """
    Read a citizen from claims; raises NotUnderstood for who has no number that is taken.

    Numbers in real traffic may fail their check; those of an e-identification never do.
    """
    told = (text_at(claims, name) for name in (names.personal_number, names.coordination_number))
    number = next((one for one in told if one is not None), "")
    if not _TWELVE_DIGITS.fullmatch(number) or warnings(person_id_of(number)):
        raise NotUnderstood("the claims hold no personal or coordination number")
    return Citizen(person_id_of(number), shown_name(text_at(claims, names.name) or ""))
