"""Publications of the route table over REST."""

from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from gateway.routes.build import build
from gateway.routes.draft import Draft
from gateway.routes.live import LiveTable
from gateway.routes.publishing import Publishing, publish_first
from gateway.testing.memory import MemoryStore
from tests.unit.routes.conftest import REGION, UNITS, adapter_faults, draft

PLACE, FILE = "/routing/publications", "nordmark/units.csv"
UNIT = "SE2321009101-VC"
MOVED = UNITS.replace("Norrfors,,,inkorg", "Norrfors,,,system", 1)


def made(files):
    return build(Draft(files), adapter_faults)


@pytest.fixture
def doors(doors, clock):
    """The same doors, with a region that is published."""
    store, files = MemoryStore(), draft({"nordmark/region.toml": REGION, FILE: UNITS})
    publish_first(store.publications, files, made, "SE5560000000-NAT", "the first", clock())
    live = LiveTable(store.publications, made)
    publishing = Publishing(live, store.publications, store.overview.open_cases, clock)
    return replace(doors, publishing=publishing)


def body(text, **more):
    file = {"path": FILE, "content": b64encode(text.encode()).decode()}
    return {"basedOn": 1, "reason": "till systemet", "files": [file], **more}


def test_an_integrator_publishes_and_everybody_reads_who_and_why(asked):
    """DOMAIN B10."""
    made = asked("integrator", "POST", PLACE, json=body(MOVED))
    assert (made.status_code, made.json()["number"]) == (201, 2)
    for reader in ("national", "integrator", "auditor", "operator"):
        (newest, first) = asked(reader, "GET", PLACE).json()["items"]
        assert (newest["author"], newest["reason"]) == ("SE2321009101-INT", "till systemet")
        assert first["number"] == 1
        assert asked(reader, "GET", f"{PLACE}/2").json() == newest


def test_the_files_are_read_back_as_they_were(asked):
    """DOMAIN B10: byte for byte."""
    asked("national", "POST", PLACE, json=body(MOVED))
    files = asked("auditor", "GET", f"{PLACE}/2/files").json()["files"]
    told = {one["path"]: b64decode(one["content"]).decode() for one in files}
    assert told == {"nordmark/region.toml": REGION, FILE: MOVED}


@pytest.mark.parametrize("name", ["0", "3", "first", "9999999999"])
def test_a_publication_that_was_never_made_is_unknown(asked, name):
    """DOMAIN B10: whatever stands in its place."""
    for path in (f"{PLACE}/{name}", f"{PLACE}/{name}/files"):
        answer = asked("national", "GET", path)
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:vaxel:problem:publication-unknown"


def test_a_dry_run_tells_what_would_be_different(asked):
    """DOMAIN B10: units, where their cases would go, and from when."""
    answer = asked("integrator", "POST", PLACE, json=body(MOVED, dryRun=True))
    told = answer.json()
    assert (answer.status_code, told["changeCount"], told["moveCount"]) == (200, 1, 2)
    assert (told["changes"][0]["name"], told["changes"][0]["how"]) == (UNIT, "changed")
    routes = {(move["before"], move["after"]) for move in told["moves"]}
    assert routes == {("nordmark/inkorg", "nordmark/system")}
    assert len(asked("auditor", "GET", PLACE).json()["items"]) == 1


def test_every_fault_is_told_by_file_and_line(asked):
    """DOMAIN B10: refused whole."""
    faulty = MOVED.replace("system", "nowhere")
    answer = asked("integrator", "POST", PLACE, json=body(faulty))
    errors = answer.json()["errors"]
    assert answer.status_code == 422
    assert {error["rule"] for error in errors} == {"routes-faulty"}
    assert {error["where"] for error in errors} == {f"{FILE}:2", f"{FILE}:6"}


def test_who_is_overtaken_must_look_again(asked):
    """DOMAIN B10: two editors cannot overwrite each other."""
    asked("national", "POST", PLACE, json=body(MOVED))
    late = asked("integrator", "POST", PLACE, json=body(MOVED))
    assert (late.status_code, "publication 2" in late.json()["detail"]) == (409, True)


def test_an_earlier_publication_is_brought_back(asked):
    """DOMAIN B10."""
    asked("national", "POST", PLACE, json=body(MOVED))
    back = {"basedOn": 2, "reason": "fel", "restores": 1}
    made = asked("national", "POST", PLACE, json=back).json()
    assert (made["number"], made["restores"]) == (3, 1)


def test_a_file_without_content_is_taken_away(asked):
    """DOMAIN B10: and what is left must still be right."""
    gone = {"basedOn": 1, "reason": "x", "files": [{"path": FILE}]}
    (error,) = asked("national", "POST", PLACE, json=gone).json()["errors"]
    assert error["where"] == FILE


@pytest.mark.parametrize("caller", ["e-service", "system", "staff", "operator", "auditor"])
def test_others_publish_nothing(asked, caller):
    """DOMAIN B7, E1: deny by default."""
    assert asked(caller, "POST", PLACE, json=body(MOVED)).status_code == 403


@pytest.mark.parametrize("caller", ["e-service", "system", "staff"])
def test_others_read_nothing(asked, caller):
    """DOMAIN E1: deny by default."""
    for place in (PLACE, f"{PLACE}/1", f"{PLACE}/1/files"):
        assert asked(caller, "GET", place).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": [], "restores": None},
        {"restores": 1},
        {"files": [{"path": "../../etc/x.toml"}]},
        {"files": [{"path": FILE}, {"path": FILE}]},
        {"reason": " "},
    ],
    ids=["nothing", "both", "a path that leads elsewhere", "twice", "no reason"],
)
def test_what_is_no_edit_is_refused(asked, wrong):
    """What bad input gets."""
    assert asked("national", "POST", PLACE, json=body(MOVED, **wrong)).status_code == 400


def test_what_was_never_published_is_not_found(asked):
    """DOMAIN B10."""
    for place in (f"{PLACE}/9", f"{PLACE}/9/files"):
        assert asked("national", "GET", place).status_code == 404
