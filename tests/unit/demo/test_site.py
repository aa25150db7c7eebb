"""The demo's folder: the example routes, moved to free ports, with one switch today."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.demo.cases import STAFFED_UNITS, SWITCHING_UNIT, UNKNOWN_UNIT, Path, planned
from gateway.demo.site import OPERATOR_KEY_FILE, SYSTEMS, make_site
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import swedish_midnight
from gateway.domain.routing import Routed, RouteTable, UnknownUnit
from gateway.facade.tls import checked_context
from gateway.routes import load
from gateway.settings import TlsSettings

TODAY = datetime.now(UTC).date()
SYSTEM_IDS = {system.hsa_id for system in SYSTEMS}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return make_site(tmp_path_factory.mktemp("site"), TODAY)


@pytest.fixture(scope="module")
def table(site):
    loaded = load(site.folder / "routing_rules", lambda _: [])
    assert isinstance(loaded, RouteTable), loaded
    return loaded


def resolved(table, planned):
    case = planned.case
    at = swedish_midnight(TODAY) + timedelta(hours=12)
    return table.resolve(case.receiver.hsa_id, case.kind, case.receiver.type, at)


def test_every_planned_case_reaches_someone_in_the_demo(table):
    """B1: a system that runs, or an inbox that the staff work in."""
    known = {HsaId(text) for text in SYSTEM_IDS | set(STAFFED_UNITS)}
    for case in planned(TODAY):
        found = resolved(table, case)
        assert isinstance(found, UnknownUnit if case.path is Path.UNKNOWN else Routed)
        assert isinstance(found, UnknownUnit) or found.holder in known


@pytest.mark.parametrize(
    ("path", "adapters"),
    [
        (Path.INBOX, {"inbox"}),
        (Path.SOAP_SYSTEM, {"riv_soap"}),
        (Path.REST_SYSTEM, {"rest"}),
        (Path.COORDINATOR, {"inbox"}),
        (Path.COMMITTEE, {"inbox", "riv_soap"}),
        (Path.SWITCHED, {"riv_soap"}),
    ],
)
def test_a_path_goes_where_the_story_says(table, path, adapters):
    """B1-B5."""
    cases = [case for case in planned(TODAY) if case.path is path]
    assert {resolved(table, case).destination.adapter for case in cases} == adapters


def test_many_dental_clinics_have_one_coordinator(table):
    """B3: whatever unit was selected."""
    cases = [case for case in planned(TODAY) if case.path is Path.COORDINATOR]
    assert len({case.case.receiver.hsa_id for case in cases}) > 1
    assert len({resolved(table, case).holder for case in cases}) == 1


def test_one_unit_changes_its_route_at_midnight(table):
    """B4: before today the inbox, from today the external system."""
    midnight = swedish_midnight(TODAY)
    before, after = (
        table.resolve(HsaId(SWITCHING_UNIT), Kind.COMPLAINT, ReceiverType.CARE, at)
        for at in (midnight - timedelta(seconds=1), midnight)
    )
    assert (before.destination.name, after.destination.name) == ("inkorg", "avvikelse")


def test_nobody_has_the_unknown_unit(table):
    """INTEROP §2.6: VP004."""
    assert HsaId(UNKNOWN_UNIT).key not in table.units


def test_no_destination_is_waited_for_long(table):
    """C2: the demo ends in half a minute, also when a process is killed."""
    assert {d.policy.read_timeout_s for d in table.destinations.values()} == {5}
    assert {d.policy.longest_retry_s for d in table.destinations.values()} == {2}


def test_the_settings_hold_digests_and_only_the_owner_reads_them(site):
    """A8: keys are shown to nobody."""
    settings = site.folder / "vaxel.toml"
    callers = tomllib.loads(settings.read_text())["callers"]
    assert {caller["role"] for caller in callers} == {
        "e-service",
        "case-receiver",
        "operator",
        "case-system",
    }
    keys = site.keys
    shown = settings.read_text() + repr(site)
    assert [
        k for k in (keys.e_service, keys.staff, keys.operator, keys.synergi) if k in shown
    ] == []
    for name in ("vaxel.toml", OPERATOR_KEY_FILE):
        assert (site.folder / name).stat().st_mode & 0o077 == 0


def test_the_gateway_ends_tls_and_believes_no_proxy(site):
    """Issue 4.8: the demo makes its own authority and certificates at its start."""
    settings = tomllib.loads((site.folder / "vaxel.toml").read_text())
    assert "trusted_proxies" not in settings
    checked_context(TlsSettings(**settings["tls"]))
    assert settings["tls"]["client_ca"] == str(site.authority.certificate)
    keys = list(site.authority.folder.glob("*.key.pem"))
    assert [key for key in keys if key.stat().st_mode & 0o077] == []


def test_a_table_that_cannot_be_changed_is_told(tmp_path, monkeypatch):
    """G5: the demo must not run with routes that it does not know."""
    monkeypatch.setattr("gateway.demo.site.SWITCHING_UNIT", "SE0000000000-NONE")
    with pytest.raises(AssertionError, match="no inbox row"):
        make_site(tmp_path, date(2026, 3, 2))
