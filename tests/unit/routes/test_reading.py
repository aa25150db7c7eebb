"""Rules are read from disk as spreadsheets and editors leave them."""

from datetime import date

import pytest

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import swedish_midnight
from gateway.domain.routing import Routed, RouteTable
from gateway.routes.build import load
from gateway.routes.draft import read

CSV = "nordmark/units.csv"


@pytest.fixture
def folder(tmp_path, files):
    """The two regions on disk, beside things that are no regions."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "README.md").write_text("Läs mig", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_folder_is_loaded_to_a_table(folder):
    """DOMAIN B10."""
    table = compiled(folder)
    assert sorted(table.regions) == ["nordmark", "sydvik"]
    assert sorted(table.destinations)[:2] == ["nordmark/inkorg", "nordmark/system"]


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",valid_to\n", ",valid_to\n\n").encode() + b",,,,,,,\n",
        lambda text: text.replace("Vårdcentralen", '"Vårdcentralen"').encode(),
    ],
    ids=["byte order mark", "semicolons", "CRLF", "empty lines", "quotes"],
)
def test_units_are_read_as_any_spreadsheet_saves_them(folder, written):
    """The same rows, however they were saved."""
    text = (folder / CSV).read_text(encoding="utf-8")
    before = compiled(folder)
    (folder / CSV).write_bytes(written(text))
    after = compiled(folder)
    assert after.version != before.version
    assert [row[0].unit for row in after.units.values()] == [
        row[0].unit for row in before.units.values()
    ]


def test_the_version_changes_only_with_the_content(folder):
    """DOMAIN B10: the same files are the same version."""
    version = read(folder).version
    assert read(folder).version == version
    (folder / CSV).write_bytes((folder / CSV).read_bytes() + b"\n")
    assert read(folder).version != version


def test_what_is_not_utf_8_is_told_with_its_line(folder):
    """A spreadsheet's old habit."""
    (folder / CSV).write_bytes("a\nb\nVård".encode("latin-1"))
    [finding] = findings(folder)
    assert finding.startswith(f"{CSV}:3: unreadable: is not UTF-8")


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """Loading never raises for what people wrote."""
    [finding] = findings(tmp_path / "regler")
    assert finding.startswith(".: no-regions: ")
    assert "regler cannot be read" in finding


def test_a_region_folder_without_files_is_told(folder):
    """Half a move is no move."""
    (folder / "vastmark").mkdir()
    [finding] = findings(folder)
    assert finding.startswith("vastmark: missing-file: ")


def test_a_file_that_cannot_be_opened_is_told(folder):
    """Here it is a folder."""
    (folder / "nordmark/extra.csv").mkdir()
    [finding] = findings(folder)
    assert finding.startswith("nordmark/extra.csv: unreadable: cannot be read")


def test_a_destination_has_what_the_file_says(table):
    """DOMAIN C2: its own policy where it has one."""
    system = table.destinations["nordmark/system"]
    assert system.settings == {"url": "http://127.0.0.1:1/cases"}
    assert (system.policy.concurrency, system.policy.read_timeout_s) == (2, 29)
    assert system.system == HsaId("SE2321009101-SYS")


def test_a_unit_that_moves_to_another_region_takes_its_routes_along(folder):
    """DOMAIN B9: one row in each region, meeting at a date."""
    moved = "SE2321009101-FLY,Flyttar,Norrfors,,,inkorg,{},{}\n"
    for region, first, last in (("nordmark", "", "2026-12-31"), ("sydvik", "2027-01-01", "")):
        with (folder / region / "units.csv").open("a", encoding="utf-8") as units:
            units.write(moved.format(first, last))
    table, unit = compiled(folder), HsaId("SE2321009101-FLY")
    for day, region in ((date(2026, 12, 31), "nordmark"), (date(2027, 1, 1), "sydvik")):
        at = swedish_midnight(day)
        result = table.resolve(unit, Kind.COMPLAINT, ReceiverType.CARE, at)
        assert isinstance(result, Routed)
        assert result.destination.key == f"{region}/inkorg"


def compiled(folder):
    """Load rules that are right."""
    loaded = load(folder, lambda _: [])
    assert isinstance(loaded, RouteTable)
    return loaded


def findings(folder):
    """Load rules that are wrong."""
    loaded = load(folder, lambda _: [])
    assert isinstance(loaded, list)
    return [str(finding) for finding in loaded]
