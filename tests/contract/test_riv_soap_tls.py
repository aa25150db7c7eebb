"""Over real TLS: who we are there, whom we trust, and that nothing is sent to anybody else."""

from contextlib import contextmanager
from functools import partial

import pytest

from adapters.riv_soap import RivSoap, RivSoapSettings
from gateway import plugins
from gateway.adapter import Delivered, Tools, TryLater
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.policy import Policy
from gateway.testing.adapter_contract import CONTRACTS, GATEWAY
from gateway.testing.contract_messages import submitted
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.testing.patience import PATIENT
from gateway.wire import Network, lent_client
from tests.tls_system import TlsSystem


@pytest.fixture(scope="module")
def us(ours):
    """Our certificate."""
    return ours.issue("us", serial_number=GATEWAY)


@pytest.fixture
def system_of(ours):
    """Start a producer with a certificate."""

    @contextmanager
    def start(certificate):
        with TlsSystem(certificate, ours.certificate) as system:
            yield system

    return start


@pytest.fixture
def system(system_of, ours):
    with system_of(ours.issue("system", hosts=["127.0.0.1"])) as system:
        yield system


def destination(system, **files):
    url = f"https://127.0.0.1:{system.port}/ProcessCase/1/rivtabp21"
    told = {name: str(file) for name, file in files.items()}
    settings = {"url": url, "logical_address": system.logical_address} | told
    return Destination("r/d", "r", "d", "riv_soap", settings, Policy(), None, "A system")


def deliver(system, **files):
    """Deliver as the worker does, with the files that the settings of a destination name."""
    reached, types = destination(system, **files), {"riv_soap": RivSoap}
    assert plugins.faults(reached, types, {}) == []
    tls = plugins.tls_of(reached, types, {})
    with lent_client(PATIENT, partial(Network, tls=tls)) as http:
        tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), GATEWAY)
        return plugins.build(reached, types, {}, tools).deliver(submitted())


def client(issued):
    return {"client_certificate": issued.certificate, "client_key": issued.key}


def test_who_shows_the_right_certificate_is_let_in(system, ours, us):
    """INTEROP §1.1: both ends show one."""
    outcome = deliver(system, trusted_ca=ours.certificate, **client(us))
    assert outcome == Delivered(system.case_id(submitted().case_number))
    assert len(system.arrivals) == 1


def test_one_certificate_can_be_trusted_instead_of_its_authority(system_of, ours, us):
    """Issue: pinned trust; another of the same authority gets nothing."""
    theirs, another = (ours.issue(name, hosts=["127.0.0.1"]) for name in ("theirs", "another"))
    for issued, expected in ((theirs, Delivered), (another, TryLater)):
        with system_of(issued) as system:
            outcome = deliver(system, trusted_ca=theirs.certificate, **client(us))
            assert isinstance(outcome, expected)


@pytest.mark.parametrize("stranger", [False, True])
def test_who_shows_none_or_a_strangers_is_not_let_in(system, ours, strangers, stranger):
    """DOMAIN C6: nothing was taken; and operators are told that it was the certificate."""
    shown = client(strangers.issue("stranger")) if stranger else {}
    outcome = deliver(system, trusted_ca=ours.certificate, **shown)
    assert isinstance(outcome, TryLater)
    assert "ALERT" in outcome.reason
    assert system.arrivals == []


def test_a_system_that_a_stranger_vouches_for_gets_nothing(system_of, ours, strangers, us):
    """INTEROP §2.11, FullServiceHostnameVerificationIT: an unknown certificate."""
    with system_of(strangers.issue("system", hosts=["127.0.0.1"])) as system:
        outcome = deliver(system, trusted_ca=ours.certificate, **client(us))
    assert isinstance(outcome, TryLater)
    assert outcome.reason.startswith("nothing was sent: ConnectError, CERTIFICATE_VERIFY_FAILED")
    assert system.arrivals == []


def test_the_systems_trust_is_not_ours(system, us):
    """Without trusted_ca, the authorities that the machine trusts; ours is none of them."""
    assert isinstance(deliver(system, **client(us)), TryLater)
    assert system.arrivals == []


def test_a_system_with_another_name_gets_nothing(system_of, ours, us):
    """INTEROP §2.11 FullServiceHostnameVerificationIT, §2.12 Certificate: and so it is told."""
    with system_of(ours.issue("other", hosts=["other.test"])) as system:
        outcome = deliver(system, trusted_ca=ours.certificate, **client(us))
    assert isinstance(outcome, TryLater)
    assert "127.0.0.1" in outcome.reason
    assert system.arrivals == []


def test_files_that_cannot_be_used_are_told_with_their_names(system, ours, us, tmp_path):
    """DOMAIN G5: the destination is shut and its cases wait; the others go on."""
    (tmp_path / "no.pem").write_text("no certificate")
    wrong = [
        {"trusted_ca": tmp_path / "gone.pem"},
        {"trusted_ca": tmp_path / "no.pem"},
        client(us) | {"client_key": ours.issue("another").key},
    ]
    for files in wrong:
        with pytest.raises(StartRefused, match=r"\.pem.* cannot be used: .*; see client_cert"):
            deliver(system, **files)


URL = {"url": "https://system.test/", "logical_address": "SE5560000000-FAKE"}
WRONG = {
    "a key is missing": ({"client_certificate": "/a.pem"}, "go together; tell both"),
    "a certificate is missing": ({"client_key": "/a.pem"}, "go together; tell both"),
    "part of a path": ({"trusted_ca": "a.pem"}, "settings.trusted_ca is wrong: give the whole"),
    "no https": ({"url": "http://system.test/", "trusted_ca": "/a.pem"}, "are for https"),
    "an internal header": ({"sender_id": "SE1-US"}, "sender_id is for plain http"),
    "another profile": ({"profile": "rivtabp22"}, "settings.profile is wrong"),
}


@pytest.mark.parametrize(("told", "words"), WRONG.values(), ids=WRONG)
def test_settings_that_cannot_work_are_told(told, words):
    """DOMAIN G5: `vaxel check` tells them, before a case waits for it."""
    reached = Destination("r/d", "r", "d", "riv_soap", URL | told, Policy(), None, "A system")
    (fault,) = plugins.faults(reached, {"riv_soap": RivSoap}, {})
    assert words in fault


def test_a_profile_may_stand_in_capitals():
    """INTEROP §1.1: as service address catalogues have it."""
    settings = RivSoapSettings.model_validate(URL | {"profile": "RIVTABP20"})
    assert settings.profile == "rivtabp20"
