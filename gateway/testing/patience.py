"""How long the contract suites wait for a foreign system."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from gateway.domain.policy import Policy

# Long, so that a slow machine is not taken for a silent system.
PATIENT = Policy(connect_timeout_s=10.0, read_timeout_s=20.0)
# Short, so that silence is soon heard.
HASTY = Policy(connect_timeout_s=1.0, read_timeout_s=1.0)

Test = TypeVar("Test", bound=Callable[..., None])


def hears_silence(test: Test) -> Test:
    """Give a test of a silent system the hasty policy, by its fixture `policy`."""
    hasty = pytest.mark.parametrize("policy", [HASTY], indirect=True, ids=["hasty"])
    marked: Test = pytest.mark.usefixtures("policy")(hasty(test))
    return marked


class Patience:
    """Gives the destination's policy: a patient one, or the one that a test asks for."""

    @pytest.fixture
    def policy(self, request: pytest.FixtureRequest) -> Policy:
        """Give the policy of the lent client."""
        asked: Policy = getattr(request, "param", PATIENT)
        return asked
