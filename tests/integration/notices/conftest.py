"""The ways to citizens on real sockets, and a stand-in of the national inbox at their end."""

from pathlib import Path

import pytest

from gateway.testing.national_inbox import NationalInbox

CONTRACTS = Path(__file__).parents[3] / "wsdl"
TOLVAN = "191212121212"


@pytest.fixture
def portal():
    """The national inbox, where Tolvan is a member."""
    with NationalInbox(CONTRACTS, TOLVAN) as portal:
        yield portal
