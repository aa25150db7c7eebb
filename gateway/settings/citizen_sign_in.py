"""How citizens sign in to their pages: an e-identification, and who it says they are (A1, A8)."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from gateway.settings.provider import (
    Filled,
    ProviderSettings,
    a_stand_in_stays_at_home,
    pages_are_reached_over_tls,
)

_CLAIM, _SCOPE = "https://id.oidc.se/claim", "https://id.oidc.se/scope"


class CitizenClaimNames(BaseModel):
    """What the provider calls a citizen's number and name: as the Swedish OIDC profile does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    personal_number: Filled = f"{_CLAIM}/personalIdentityNumber"
    coordination_number: Filled = f"{_CLAIM}/coordinationNumber"
    name: Filled = "name"


class CitizenSignInSettings(ProviderSettings):
    """Sign-in of citizens."""

    scopes: tuple[Filled, ...] = (
        "openid",
        f"{_SCOPE}/naturalPersonInfo",
        f"{_SCOPE}/naturalPersonNumber",
    )
    claims: CitizenClaimNames = CitizenClaimNames()


# After `bind`, `public_url` and `tls`, which these look at.
CitizenSignIn = Annotated[
    CitizenSignInSettings | None,
    AfterValidator(a_stand_in_stays_at_home),
    AfterValidator(pages_are_reached_over_tls),
]
