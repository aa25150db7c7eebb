"""`vaxel routes import-tak`, with a fake TAK on a real socket."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway import cli
from gateway.routes.tak import calling
from gateway.routes.tak.table import TakTable
from tests.tak_examples import fault, order, ordered, packed, route, snapshot, written
from tests.tak_system import TakSystem

RULES = Path(__file__).parents[2] / "routing_rules"
UNIT, ADDRESS = "SE2321009101-HCGR", "http://127.0.0.1:8191/soap"
SECRET = "whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0"  # noqa: S105 opens nothing


@pytest.fixture
def units(tmp_path, monkeypatch):
    """The units of an example region, copied, and commands that are run there."""
    shutil.copytree(RULES, tmp_path / "routing_rules")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXEL_SECRETS__SYDVIK_SYNERGI", SECRET)
    return tmp_path / "routing_rules/nordmark/units.csv"


@pytest.fixture
def tak():
    """A TAK that lists one of the units."""
    with TakSystem(route(UNIT, adress=ADDRESS)) as system:
        yield system


def vaxel(*arguments):
    """Run the import for the region."""
    runner = CliRunner()
    return runner.invoke(cli.app, ["routes", "import-tak", *arguments, "--region", "nordmark"])


def test_what_would_change_is_told_and_nothing_is_written(units, tak):
    """DOMAIN B10, B12: counts, each unit, and the lines of the file."""
    before = units.read_bytes()
    done = vaxel(tak.url)
    assert done.exit_code == 0, done.output
    told = done.output.splitlines()
    assert told[:2] == [
        "Read: 1 route and 1 call permission of ProcessCase.",
        "Would change: 1 unit.",
    ]
    assert any(line.startswith(f"{UNIT} changed: ") for line in told)
    assert any(
        line.startswith(f"+{UNIT},") and line.endswith("avvikelse,2026-10-01,") for line in told
    )
    assert told[-1] == "Nothing is written; --write writes it."
    assert units.read_bytes() == before


def test_with_write_the_file_says_it_and_a_second_time_changes_nothing(units, tak):
    """DOMAIN B12."""
    before, mode = units.read_text(), units.stat().st_mode
    assert vaxel(tak.url, "--write").exit_code == 0
    now = set(units.read_text().splitlines()) ^ set(before.splitlines())
    assert {line.split(",")[0] for line in now} == {UNIT}
    assert (units.stat().st_mode, list(units.parent.glob(".*"))) == (mode, [])
    assert vaxel(tak.url).output.splitlines()[-1] == "nordmark/units.csv says this already."


def test_a_tak_is_asked_as_its_own_tests_do(units, tak):
    """INTEROP §3.8: both lists, with the namespace as action."""
    vaxel(tak.url)
    action = '"urn:skl:tp:vagvalsinfo:v2"'
    assert tak.asked == [
        ("hamtaAllaVirtualiseringar", action),
        ("hamtaAllaAnropsBehorigheter", action),
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((500, fault("no version")), "is a fault: 'no version'"),
        ((200, b"<html/>"), "is no SOAP 1.1 answer"),
        ((503, b""), "was answered with HTTP 503"),
    ],
)
def test_a_tak_that_answers_nonsense_changes_nothing_and_says_so(units, tak, answer, told):
    """DOMAIN B10, INTEROP §4: refused and told, and what is live is kept."""
    before = units.read_bytes()
    tak.answers["hamtaAllaAnropsBehorigheter"] = answer
    done = vaxel(tak.url, "--write")
    assert (done.exit_code, told in done.output) == (1, True)
    assert "Nothing was changed; what is live is kept." in done.output
    assert units.read_bytes() == before


def test_a_tak_that_is_not_there_is_told(units, tak):
    """INTEROP §4: no contact."""
    done = vaxel("http://127.0.0.1:1/")
    assert (done.exit_code, done.output.count(": no-answer: ")) == (1, 2)


def test_a_published_version_is_read_from_a_file(units, tmp_path):
    """INTEROP §3.3: as it is downloaded."""
    version = snapshot([UNIT])
    version["data"]["anropsadress"][0]["adress"] = ADDRESS
    (tmp_path / "PubVersion-3.json.gzip").write_bytes(packed(version))
    done = vaxel("PubVersion-3.json.gzip", "--write")
    assert done.exit_code == 0, done.output
    assert f"{UNIT}," in units.read_text()
    assert "avvikelse,2026-10-01," in units.read_text()


@pytest.mark.parametrize(("platform", "code"), [("TEST", 0), ("PROD", 1), (None, 1)])
def test_an_order_is_carried_out_for_its_platform(units, tmp_path, platform, code):
    """INTEROP §3.5."""
    vagval = ordered(UNIT, adress=ADDRESS, tjanstekomponent="SE2321009101-AVVIKELSE")
    (tmp_path / "order.json").write_bytes(written(order([vagval])))
    done = vaxel("order.json", "--write", *(["--platform", platform] if platform else []))
    assert done.exit_code == code, done.output
    assert ("avvikelse,2027-02-01," in units.read_text()) == (code == 0)


def test_a_file_that_is_not_there_is_told(units):
    """An error says what to do."""
    done = vaxel("nowhere.json")
    assert (done.exit_code, "nowhere.json cannot be read" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("limit", "value", "told"),
    [("LARGEST_ANSWER", 100, "it is over 100 bytes"), ("LONGEST_S", -1.0, "it took over")],
)
def test_an_answer_that_is_too_large_or_too_slow_is_broken_off(
    tak, monkeypatch, limit, value, told
):
    """A TAK gone wrong takes no more than its share of memory and time."""
    monkeypatch.setattr(calling, limit, value)
    assert _faults(calling.called(tak.url)).count(told) == 2


def test_an_answer_that_is_compressed_is_not_unfolded(tak):
    """A few bytes can unfold to gigabytes."""
    tak.headers["Content-Encoding"] = "gzip"
    assert "compressed" in _faults(calling.called(tak.url))


def test_an_address_that_is_none_is_told():
    """An error says what to do."""
    assert "InvalidURL" in _faults(calling.called("http://tak:none/"))


def _faults(tak):
    assert isinstance(tak, TakTable)
    return " ".join(str(finding) for finding in tak.findings)
