"""The secret that the codes of anonymous submitters are made with (DOMAIN A9)."""

from typing import Annotated

from pydantic import Field, SecretStr

# As long as the digest that it makes; who guessed it could make codes.
_SHORTEST_SECRET = 32

# Without it, no gateway takes anonymous cases, whatever its regions say.
AnonymousSecret = Annotated[SecretStr, Field(min_length=_SHORTEST_SECRET)] | None
