"""How staff sign in to the pages: whose word is taken, and what its words mean (DOMAIN E1)."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from gateway.flow.caller import INBOX_ROLES, Role
from gateway.settings.provider import (
    Filled,
    ProviderSettings,
    a_stand_in_stays_at_home,
    pages_are_reached_over_tls,
)

# The roles that a person may have in the pages; those who follow up see statistics only.
CONSOLE_ROLES = INBOX_ROLES | {Role.FOLLOW_UP, Role.NATIONAL}


class ClaimNames(BaseModel):
    """
    What the identity provider calls what we need to know of a person.

    `assignments` is a claim that holds a list of objects; the names under it are those of their
    members. A whole claim may stand deeper: `a.b` is the member b of the claim a.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hsa_id: Filled = "hsa_id"
    name: Filled = "name"
    assignments: Filled = "assignments"
    assignment_name: Filled = "name"
    role: Filled = "role"
    units: Filled = "units"
    regions: Filled = "regions"


class SignInSettings(ProviderSettings):
    """
    Sign-in of staff.

    `roles` tells which of our roles the provider's words for them are; a word that does not stand
    there gives nothing.
    """

    claims: ClaimNames = ClaimNames()
    roles: Annotated[dict[Filled, Role], Field(min_length=1)] = {  # noqa: RUF012 pydantic copies it
        role.value: role for role in sorted(CONSOLE_ROLES)
    }

    @model_validator(mode="after")
    def _roles_are_for_people(self) -> Self:
        if other := sorted({r.value for r in self.roles.values()} - CONSOLE_ROLES):
            words = f"nobody signs in to the pages as {', '.join(other)}; roles are for people:"
            raise ValueError(f"{words} {', '.join(sorted(CONSOLE_ROLES))}")
        return self


# After `bind`, `public_url` and `tls`, which these look at.
SignIn = Annotated[
    SignInSettings | None,
    AfterValidator(a_stand_in_stays_at_home),
    AfterValidator(pages_are_reached_over_tls),
]
