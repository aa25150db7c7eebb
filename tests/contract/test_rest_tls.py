"""A REST destination over real TLS: certificates at both ends, and words when they do not fit."""

from functools import partial

import pytest

from adapters.rest import Rest
from gateway import plugins
from gateway.adapter import Delivered, SecretStr, Tools, TryLater
from gateway.domain.destination import Destination
from gateway.domain.policy import Policy
from gateway.testing.adapter_contract import CONTRACTS, GATEWAY
from gateway.testing.contract_messages import submitted
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.testing.patience import PATIENT
from gateway.wire import Network, lent_client
from tests.tls_system import TlsRestSystem


def deliver(system, us, trusted):
    """Deliver as the worker does, with the files that the settings of a destination name."""
    settings = {
        "url": f"https://127.0.0.1:{system.port}/cases",
        "signing_secret": {"secret": "shared"},
        "client_certificate": str(us.certificate),
        "client_key": str(us.key),
        "trusted_ca": str(trusted.certificate),
    }
    reached = Destination("r/d", "r", "d", "rest", settings, Policy(), None, "A system")
    types, secrets = {"rest": Rest}, {"shared": SecretStr(system.secret)}
    assert plugins.faults(reached, types, secrets) == []
    tls = plugins.tls_of(reached, types, secrets)
    with lent_client(PATIENT, partial(Network, tls=tls)) as http:
        tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), GATEWAY)
        return plugins.build(reached, types, secrets, tools).deliver(submitted())


def test_who_shows_the_right_certificate_is_let_in(ours):
    """DOMAIN C5: a region's own authority vouches for its system, and for us there."""
    with TlsRestSystem(ours.issue("system", hosts=["127.0.0.1"]), ours.certificate) as system:
        outcome = deliver(system, ours.issue("us"), ours)
    assert isinstance(outcome, Delivered)
    assert len(system.arrivals) == 1


@pytest.mark.parametrize("name", ["stranger", "us"])
def test_a_wrong_certificate_is_told_as_such(ours, strangers, name):
    """DOMAIN C5, C6: nothing was taken, and nobody looks for a system that is down."""
    theirs, us = ours.issue("system", hosts=["127.0.0.1"]), ours.issue("us")
    known = (theirs, ours.certificate, us, strangers)
    unknown = (theirs, strangers.certificate, us, ours)
    certificate, clients, shown, trusted = known if name == "stranger" else unknown
    with TlsRestSystem(certificate, clients) as system:
        outcome = deliver(system, shown, trusted)
    assert isinstance(outcome, TryLater)
    words = "CERTIFICATE_VERIFY_FAILED" if name == "stranger" else "ALERT"
    assert outcome.reason.startswith("nothing was sent: ConnectError")
    assert words in outcome.reason
    assert system.arrivals == []
