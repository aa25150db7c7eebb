"""Change the route table: who may, what is refused, and what comes of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Refusal, Rule, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role
from gateway.routes import publishing as publishing_module
from gateway.routes.build import build
from gateway.routes.draft import Draft
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing, publish_first
from gateway.testing.builders import make_publication
from gateway.testing.memory import MemoryStore
from tests.unit.routes.conftest import adapter_faults, draft

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
UNITS, REGION = "nordmark/units.csv", "nordmark/region.toml"
NATIONAL = Caller(HsaId("SE5560000000-NAT"), "national", Role.NATIONAL)
AUDITOR = Caller(HsaId("SE5560000000-AUD"), "auditor", Role.AUDITOR)
INTEGRATOR = Caller(
    HsaId("SE2321009101-INT"), "nord", Role.INTEGRATOR, regions=frozenset({"nordmark"})
)


def made(files):
    return build(Draft(files), adapter_faults)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def publishing(store, files):
    """Two regions are live, as publication 1."""
    publish_first(store.publications, draft(files), made, "first", "why", NOW)
    live = LiveTable(store.publications, made)
    return Publishing(live, store.publications, store.overview.open_cases, lambda: NOW)


@pytest.fixture
def edited(files):
    """Edit a file: a text in it becomes another."""

    def edit(file, old, new):
        assert old in files[file]
        return {file: files[file].replace(old, new, 1).encode()}

    return edit


@pytest.fixture
def moved(edited):
    """The health centre to the case system."""
    return edited(UNITS, "Norrfors,,,inkorg", "Norrfors,,,system")


def refused(verb, *arguments):
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return [(fault.rule, fault.where) for fault in refusal.value.faults]


def test_what_is_published_is_live_with_who_and_why(publishing, store, moved):
    """DOMAIN B10: numbered, and all other files as they were."""
    made = publishing.publish(moved, None, 1, "why", INTEGRATOR)
    assert (made.number, made.author, made.reason) == (2, "SE2321009101-INT", "why")
    assert store.publications.newest() == made == publishing.live.live().publication
    assert publishing.live.current().version == made.version
    assert publishing.files(2, AUDITOR) == {**publishing.files(1, AUDITOR), **moved}


def test_a_proposal_changes_nothing(publishing, store, moved):
    """DOMAIN B10: compared with what is live first."""
    found = publishing.propose(moved, None, 1, INTEGRATOR).difference
    assert [change.name for change in found.changes] == ["SE2321009101-VC"]
    assert store.publications.newest().number == 1


def test_what_has_faults_is_refused_whole_with_every_fault(publishing, store, edited):
    """DOMAIN B10: by file and line, and the live one keeps working."""
    faulty = edited(UNITS, "Norrfors,,,inkorg", "Norrfors,,,nowhere")
    faulty |= edited(REGION, 'name = "Resten"', 'nome = "Resten"')
    found = refused(publishing.publish, faulty, None, 1, "why", NATIONAL)
    assert {rule for rule, _ in found} == {Rule.ROUTES_FAULTY}
    assert {where for _, where in found} >= {f"{UNITS}:2", f"{REGION}:32"}
    assert store.publications.newest().number == 1


def test_two_editors_cannot_overwrite_each_other(publishing, moved):
    """DOMAIN B10: who comes second must look again."""
    publishing.publish(moved, None, 1, "first", NATIONAL)
    late = refused(publishing.publish, {}, None, 1, "second", NATIONAL)
    assert late == [(Rule.PUBLICATION_OVERTAKEN, "basedOn")]


def test_one_who_publishes_in_between_is_not_overwritten_either(publishing, store, moved):
    """DOMAIN B10: also when both have looked before either has published."""
    clock, other = publishing.clock, make_publication(number=2)

    def somebody_is_quicker():
        store.publications.publish(other, {UNITS: b""})
        return clock()

    slow = replace(publishing, clock=somebody_is_quicker)
    late = refused(slow.publish, moved, None, 1, "second", NATIONAL)
    assert late == [(Rule.PUBLICATION_OVERTAKEN, "basedOn")]
    assert store.publications.newest() == other


def test_any_earlier_one_is_brought_back_as_a_new_one(publishing, moved, edited):
    """DOMAIN B10: rolled back, and the history stays."""
    publishing.publish(moved, None, 1, "moved", NATIONAL)
    publishing.publish(edited(UNITS, "Kliniken", "Klinik"), None, 2, "name", NATIONAL)
    back = publishing.publish({}, 1, 3, "it was wrong", NATIONAL)
    assert (back.number, back.restores) == (4, 1)
    assert publishing.files(4, NATIONAL) == publishing.files(1, NATIONAL)
    assert [one.number for one in publishing.listed(None, 9, AUDITOR)] == [4, 3, 2, 1]


def test_one_that_cannot_be_used_here_is_repaired_from_here(publishing, store, files):
    """DOMAIN B10: by who runs on with the one before, and knows the number of the newest."""
    broken = make_publication(number=2)
    store.publications.publish(broken, {**draft(files).files, "nordmark/units.csv": b"half a fi"})
    late = refused(publishing.publish, {}, 1, 1, "back", NATIONAL)
    assert late == [(Rule.PUBLICATION_OVERTAKEN, "basedOn")]
    assert publishing.publish({}, 1, 2, "back", NATIONAL).number == 3
    assert publishing.live.live().publication.number == 3


def test_nothing_new_is_no_publication(publishing):
    """DOMAIN B10: the history holds changes only."""
    same = refused(publishing.publish, {}, 1, 1, "why", NATIONAL)
    assert same == [(Rule.NOTHING_CHANGED, "files")]


def test_what_was_never_published_is_not_found(publishing):
    """DOMAIN B10."""
    gone = [(Rule.PUBLICATION_UNKNOWN, "number")]
    assert refused(publishing.find, 9, AUDITOR) == gone
    assert refused(publishing.files, 9, AUDITOR) == gone
    assert refused(publishing.publish, {}, 9, 1, "why", NATIONAL) == gone


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (REGION, '"Patientnämnden"', '"Nämnden"'),
        (REGION, 'code = "91"', 'code = "93"'),
        (REGION, 'destination = "inkorg"', 'destination = "system"'),
        (REGION, '"SE2321009101-KVAL"', '"SE2321009101-EGEN"'),
    ],
    ids=["committee", "code", "the committee's route", "where the committee's route leads"],
)
def test_the_committee_and_the_region_are_for_national_operators(
    publishing, edited, file, old, new
):
    """DOMAIN B7: never for the region's own integrators."""
    edits = edited(file, old, new)
    assert {rule for rule, _ in refused(publishing.propose, edits, None, 1, INTEGRATOR)} == {
        Rule.NOT_PERMITTED
    }
    assert publishing.publish(edits, None, 1, "why", NATIONAL).number == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('system = "SE2321009101-SYS"', 'system = "SE2321009202-SYS"'),
        ('system = "SE2321009101-SYS"', 'system = "SE2321009202-VC"'),
        ('url = "http://127.0.0.1:1/cases"', 'url = "u"\nkey = { secret = "sydvik_key" }'),
        ('url = "http://127.0.0.1:1/cases"', 'url = "u"\nfolder = "/etc/cron.d"'),
    ],
    ids=["another's system", "another's unit", "another's secret", "a folder of the machine"],
)
def test_an_integrators_destination_reaches_nothing_beyond_the_region(
    publishing, edited, old, new
):
    """DOMAIN B7, E1: who could name another's system could answer its cases."""
    edits = edited(REGION, old, new)
    found = refused(publishing.propose, edits, None, 1, INTEGRATOR)
    assert found == [(Rule.NOT_PERMITTED, REGION)]
    assert publishing.publish(edits, None, 1, "why", NATIONAL).number == 2


def test_a_secret_of_the_region_is_its_own(publishing, edited):
    """DOMAIN B7: its name begins with the region's."""
    own = 'url = "u"\nkey = { secret = "nordmark_key" }'
    edits = edited(REGION, 'url = "http://127.0.0.1:1/cases"', own)
    assert publishing.publish(edits, None, 1, "why", INTEGRATOR).number == 2


@pytest.mark.parametrize("unit", ["SE2321009202-NY", "SE2321009202-VC"])
def test_an_integrator_takes_no_unit_of_another_region(publishing, files, unit):
    """DOMAIN B7, B9: neither one that has a row there for another time, nor a new one."""
    other = files["sydvik/units.csv"].replace("inkorg,,\n", "inkorg,2027-01-01,\n")
    publishing.publish({"sydvik/units.csv": other.encode()}, None, 1, "why", NATIONAL)
    row = f"{unit},Stulen enhet,Norrfors,,,inkorg,,2026-12-31\n"
    edits = {UNITS: (files[UNITS] + row).encode()}
    assert {rule for rule, _ in refused(publishing.propose, edits, None, 2, INTEGRATOR)} == {
        Rule.NOT_PERMITTED
    }


def test_what_a_caller_may_not_change_is_not_even_looked_into(publishing):
    """What bad input gets: a bomb in the directory's file costs a stranger's request nothing."""
    publishing.live.build = None
    edits = {"national.toml": b'[[tree]]\nfile = "a.zip"\n', "a.zip": b"PK"}
    found = refused(publishing.propose, edits, None, 1, INTEGRATOR)
    assert {where for _, where in found} == {"national.toml", "a.zip"}


def test_one_proposal_is_checked_at_a_time(publishing, moved, monkeypatch):
    """Issue 4: a large one takes seconds of the processor."""
    monkeypatch.setattr(publishing_module, "_LONGEST_WAIT_S", 0.01)
    with publishing._checking, pytest.raises(Unavailable):
        publishing.propose(moved, None, 1, INTEGRATOR)


def test_a_node_that_cannot_use_the_newest_lets_no_integrator_publish(publishing, store, files):
    """DOMAIN B7: it cannot tell what national operators have changed since."""
    broken = {**draft(files).files, "nordmark/units.csv": b"half a fi"}
    store.publications.publish(make_publication(number=2), broken)
    edits = {UNITS: files[UNITS].encode()}
    found = refused(publishing.propose, edits, None, 2, INTEGRATOR)
    assert found == [(Rule.NOT_PERMITTED, "basedOn")]


def test_an_integrator_edits_no_other_region(publishing, edited):
    """DOMAIN B7, E1."""
    other = edited("sydvik/units.csv", "Vårdcentralen", "Centralen")
    found = refused(publishing.propose, other, None, 1, INTEGRATOR)
    assert found == [(Rule.NOT_PERMITTED, "sydvik/units.csv")]


def test_an_integrator_brings_back_no_other_regions_routes(publishing, edited):
    """DOMAIN B7: what others have published since stays."""
    publishing.publish(edited("sydvik/units.csv", "Vårdc", "C"), None, 1, "why", NATIONAL)
    found = refused(publishing.publish, {}, 1, 2, "why", INTEGRATOR)
    assert found == [(Rule.NOT_PERMITTED, "sydvik/units.csv")]


def test_the_files_of_national_operators_are_theirs(publishing, edited):
    """DOMAIN B7: permissions and the national tree."""
    edits = {"permissions.csv": b"sender,contract,address,valid_from,valid_to\n"}
    found = refused(publishing.propose, edits, None, 1, INTEGRATOR)
    assert found[0] == (Rule.NOT_PERMITTED, "permissions.csv")
    (change,) = publishing.propose(edits, None, 1, NATIONAL).difference.changes
    assert (change.what, change.name, change.how) == ("file", "permissions.csv", "added")


def test_where_the_national_default_leads_is_for_national_operators(publishing, edited):
    """DOMAIN B7: everybody without a row goes there."""
    default = {"national.toml": b'[default]\ndestination = "nordmark/system"\n'}
    publishing.publish(default, None, 1, "why", NATIONAL)
    moved = edited(REGION, "concurrency = 2", "concurrency = 3")
    found = refused(publishing.propose, moved, None, 2, INTEGRATOR)
    assert found == [(Rule.NOT_PERMITTED, REGION)]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR, Role.E_SERVICE, Role.CASE_RECEIVER])
def test_nobody_else_edits(publishing, moved, role):
    """DOMAIN B7: deny by default."""
    caller = Caller(HsaId("SE5560000000-X"), "x", role)
    assert refused(publishing.publish, moved, None, 1, "why", caller)[0][0] is Rule.NOT_PERMITTED


def test_a_unit_moves_to_another_region_with_its_routes_in_one_publication(publishing, files):
    """DOMAIN B9: gone from one, added to the other."""
    row = "SE2321009101-VC,Vårdcentralen,Norrfors,,,inkorg,,\n"
    edits = {
        UNITS: files[UNITS].replace(row, "").encode(),
        "sydvik/units.csv": (files["sydvik/units.csv"] + row).encode(),
    }
    proposal = publishing.propose(edits, None, 1, NATIONAL)
    told = {(change.region, change.name, change.how) for change in proposal.difference.changes}
    assert told == {
        ("nordmark", "SE2321009101-VC", "removed"),
        ("sydvik", "SE2321009101-VC", "changed"),
    }


def test_a_broken_folder_is_not_the_first_publication(store):
    """DOMAIN B10: every fault, and nothing is published."""
    with pytest.raises(StartRefused, match="no-regions"):
        publish_first(store.publications, Draft({}), made, "first", "why", NOW)
    assert store.publications.newest() is None


def test_where_a_case_would_go_is_told_with_what_was_asked(publishing):
    """DOMAIN B11: now when no time is given, and at any other time."""
    ask = HsaId("SE2321009101-BYT"), Kind.COMPLAINT, ReceiverType.CARE
    (now, asked), (later, _) = (
        publishing.explain(*ask, at) for at in (None, NOW.replace(year=2027))
    )
    assert (now.destination.name, later.destination.name, asked.number) == (
        "inkorg",
        "system",
        1,
    )
