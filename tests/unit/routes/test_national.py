"""What stands beside the regions: the tree, the default, the permissions (INTEROP §2.3, §2.4)."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import swedish_midnight
from gateway.routes.build import build
from gateway.routes.draft import Draft, read

NATIONAL, PERMISSIONS, UNITS = "national.toml", "permissions.csv", "hsa-units.xml"
CSV = "nordmark/units.csv"
CONTRACT = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"

TOML = """\
[[tree]]
file = "hsa-units.xml"

[default]
destination = "nordmark/inkorg"

[[parts]]
sender = "SE5560000000-E177"
"""
ALLOWED = f"""\
sender,contract,address,valid_from,valid_to,below
SE5560000000-E177,{CONTRACT},*,,2026-12-31,
tp,{CONTRACT},SE2321009101-SJH,,,yes
"""


def unit_xml(hsa_id, dn, name="Enheten"):
    return (
        f"<hsaUnit><hsaIdentity>{hsa_id}</hsaIdentity><DN>{dn}</DN><name>{name}</name></hsaUnit>\n"
    )


WARD = unit_xml("SE2321009101-AVD", "ou=Avd 1, ou=Borta,ou=lasarettet,o=Nordmark,c=SE", "Avd 1")


def directory(*units, root="FileGetHsaUnitsResponse"):
    return (
        f'<{root} xmlns="urn:riv:hsa:HsaWsResponder:3">\n'
        "<startDate>2026-05-01T01:04:02+02:00</startDate><endDate>2026-05-01T01:28:36+02:00</endDate>\n"
        f"<hsaUnits>\n{''.join(units)}</hsaUnits></{root}>\n"
    )


@pytest.fixture
def files(files):
    """Two regions and all that can stand beside them."""
    hospital = unit_xml("SE2321009101-SJH", "ou=Lasarettet,o=Nordmark,c=SE", "Lasarettet")
    files |= {NATIONAL: TOML, PERMISSIONS: ALLOWED, UNITS: directory(hospital, WARD)}
    files[CSV] = files[CSV].replace("valid_to\n", "valid_to,below\n")
    files[CSV] = files[CSV].replace(",,\n", ",,,\n").replace("@rules,,,", "@rules,,,yes")
    files[CSV] = files[CSV].replace("12-31\n", "12-31,\n").replace("01-01,\n", "01-01,,\n")
    return files


def test_what_stands_beside_the_regions_is_read(table):
    """INTEROP §2.3, §2.4: the tree with its date, the default, the permissions with their days."""
    assert list(table.tree.above(HsaId("se2321009101-avd"))) == [
        HsaId("SE2321009101-SJH"),
        HsaId("SE"),
    ]
    assert table.tree.written == "2026-05-01T01:28:36+02:00"
    assert table.default.key == "nordmark/inkorg"
    first, second = table.permissions.rows
    assert first.period.end == swedish_midnight(date(2027, 1, 1))
    assert (first.below, second.below, second.line) == (False, True, 3)


def test_without_the_national_files_nothing_is_different(files, table_of):
    """INTEROP §2.3: no tree, no default, and roles alone say who may."""
    for name in (NATIONAL, PERMISSIONS, UNITS):
        del files[name]
    table = table_of(files)
    assert (table.tree, table.default, table.permissions) == (None, None, None)


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        (NATIONAL, "[[tree]]", "[tree]", "1: wrong-type", "[[double brackets]]"),
        (NATIONAL, "[[tree]]", "[[trees]]", "1: unknown-key", "did you mean 'tree'?"),
        (NATIONAL, "inkorg", "inkorgen", "5: unknown-destination", "mean 'nordmark/inkorg'?"),
        (NATIONAL, "E177", "E 177", "8: bad-hsa-id", "is not an HSA-id"),
        (NATIONAL, "sender =", 'contract = "x"\nsender =', "8: bad-contract", "namespace"),
        (NATIONAL, "[default]", "[default", "4: unreadable", "is not TOML"),
        (PERMISSIONS, "below", "blow", "1: unknown-key", "did you mean 'below'?"),
        (PERMISSIONS, "yes", "yes,no", "3: unreadable", "7 cells where"),
        (PERMISSIONS, "yes", "ja", "3: bad-choice", "write yes, or leave it empty"),
        (PERMISSIONS, "tp", "t p", "3: bad-hsa-id", "sender: 't p'"),
        (PERMISSIONS, "tp", "*", "3: bad-hsa-id", "sender: '*'"),
        (PERMISSIONS, "*", "SE1#SE2", "2: bad-hsa-id", "address: 'SE1#SE2'"),
        (PERMISSIONS, CONTRACT, "ProcessCase", "2: bad-contract", "is not a namespace"),
        (PERMISSIONS, "2026-12-31", "2026-12-32", "2: bad-date", "valid_to: '2026-12-32'"),
        (PERMISSIONS, ",,2026", ",2027-01-01,2026", "2: bad-period", "the last day included"),
        (PERMISSIONS, "tp,", f"SE5560000000-e177,{CONTRACT},*,,,\ntp,", "3: overlap", "line 2"),
        (UNITS, "</hsaUnits>", "</hsaUnit>", "6: unreadable", "is not XML"),
        (UNITS, "<DN>ou=Avd 1,", "<DN/><DN>", "5: missing-key", "no place"),
        (UNITS, "ou=Avd 1, ou=Borta,", "", "5: two-places", "has the same DN as SE2321009101-SJH"),
        (UNITS, "-AVD", "-sjh", "5: two-places", "has a place in line 4"),
        (UNITS, ":3", ":4", "unreadable", "must be FileGetHsaUnitsResponse"),
        (CSV, ",,,yes", ",,,ja", "3: bad-choice", "below: 'ja'"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_fault_is_told_once_at_its_line(told, file, old, new, place, words):
    """DOMAIN B10: one fault, one finding, in the right place."""
    [finding] = told((file, old, new))
    assert finding.startswith(f"{file}:{place}" if place[0].isdigit() else f"{file}: {place}")
    assert words in finding


def test_a_column_that_is_there_twice_is_told(told, files):
    """DOMAIN B10: nobody knows which of them is meant."""
    del files[NATIONAL], files[UNITS]
    _, _, row = files[PERMISSIONS].splitlines()
    findings = told((PERMISSIONS, ",below", ",below,below"), (PERMISSIONS, row, f"{row},"))
    assert (
        findings[0] == f"{PERMISSIONS}:1: unknown-key: the column below is there twice; keep one"
    )


def test_a_file_of_the_directory_that_is_not_there_is_told(told, files):
    """INTEROP §2.3: a tree that is missing would send everybody to the default."""
    del files[UNITS]
    [finding] = told()
    assert finding.startswith(f"{NATIONAL}:2: missing-file: {UNITS} is missing; put it beside")


@given(st.data())
def test_national_files_that_anybody_spoilt_are_told_and_never_raise(data):
    """DOMAIN B10: bad content is findings, whatever it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hsaUnits.xml", directory(WARD))
    top = {NATIONAL: TOML + '[[tree]]\nfile = "more.zip"\n', PERMISSIONS: ALLOWED}
    files = {name: text.encode() for name, text in {**top, UNITS: directory(WARD)}.items()}
    files["more.zip"] = packed.getvalue()
    path = data.draw(st.sampled_from(sorted(files)))
    start = data.draw(st.integers(0, len(files[path])))
    junk = data.draw(st.binary(max_size=8) | st.sampled_from([b"<", b"&x;", b'"', b",", b"\n[["]))
    files[path] = files[path][:start] + junk + files[path][start + len(junk) :]
    assert build(Draft(files), lambda _: []) != []


def test_a_file_that_nobody_names_is_told(told, files):
    """Nothing is dropped silently."""
    files["permisions.csv"] = ""
    [finding] = told()
    assert finding.startswith("permisions.csv: unknown-file: ")


def test_the_default_has_somebody_who_holds_what_comes(told):
    """DOMAIN B3: nobody works in the inbox of a unit that is not there."""
    owner = 'settings = { owner = "SE2321009101-KVAL" }\n'
    [finding] = told(("nordmark/region.toml", owner, ""))
    assert finding.startswith(f"{NATIONAL}:5: no-holder: nordmark/inkorg gives each unit")


def test_periods_that_meet_are_no_overlap(told):
    """INTEROP §2.4: the last day belongs to a permission, the next day to the next."""
    row = f"SE5560000000-E177,{CONTRACT},*,2027-01-01,,\n"
    assert told((PERMISSIONS, "tp,", f"{row}tp,")) == []


def test_every_period_within_a_longer_one_is_an_overlap(told, files):
    """INTEROP §2.4: also when a shorter one stands between them."""
    days = ("2020-01-01,2030-12-31", "2021-01-01,2021-12-31", "2025-01-01,2025-12-31")
    rows = [f"SE5560000000-E177,{CONTRACT},SE2321009101-SJH,{period}," for period in days]
    files[PERMISSIONS] = "\n".join([ALLOWED.splitlines()[0], *rows])
    assert [found.split(";")[0] for found in told()] == [
        f"{PERMISSIONS}:{line}: overlap: the same is allowed in line 2 for a part of this time"
        for line in (3, 4)
    ]


def test_the_first_file_of_the_directory_has_the_last_word(files, table_of):
    """INTEROP §2.3: the first is master, later ones complementary; either root will do."""
    files[NATIONAL] += '[[tree]]\nfile = "more.xml"\n'
    files["more.xml"] = directory(
        unit_xml("SE2321009101-AVD", "ou=Avd 1,o=Sydvik,c=SE", "En annan"),
        unit_xml("SE2321009101-X", "ou=En till,ou=lasarettet,o=Nordmark,c=SE"),
        unit_xml("SE2321009101-Z", "ou=Z\\, ou=Lasarettet,o=Nordmark,c=SE"),
        root="HsaUnitsResponse",
    )
    tree = table_of(files).tree
    assert tree.name_of(HsaId("SE2321009101-AVD")) == "Avd 1"
    assert next(tree.above(HsaId("SE2321009101-X"))) == HsaId("SE2321009101-SJH")
    assert next(tree.above(HsaId("SE2321009101-Z"))) == HsaId("SE")


def test_the_directorys_file_may_be_left_in_its_zip(files, table_of):
    """INTEROP §2.3: as it is fetched every night."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hsaUnits.xml", files.pop(UNITS))
    files[NATIONAL] = files[NATIONAL].replace(".xml", ".zip")
    table = table_of(files | {"hsa-units.zip": packed.getvalue()})
    assert table.tree.name_of(HsaId("SE2321009101-AVD")) == "Avd 1"


@pytest.mark.parametrize("members", [0, 2])
def test_a_zip_of_anything_else_is_told(files, told_of, members):
    """DOMAIN B10: bad content never raises."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(members):
            archive.writestr(str(number), "")
    [finding] = told_of(files | {UNITS: packed.getvalue()})
    assert finding == f"{UNITS}: unreadable: must have one file in it, of at most a gigabyte"


def test_what_is_no_zip_is_told(files, told_of):
    """DOMAIN B10: bad content never raises."""
    [finding] = told_of(files | {UNITS: b"PK and then nothing"})
    assert finding.startswith(f"{UNITS}: unreadable: ")


def test_a_unit_of_the_tree_goes_as_the_nearest_that_takes_those_below(table):
    """INTEROP §2.3, DOMAIN B13: the rules of a region decide for it, too."""
    found = resolved(table, "SE2321009101-AVD")
    assert (found.destination.key, found.unit_name) == ("nordmark/system", "Avd 1")
    assert found.unit == HsaId("SE2321009101-AVD")
    assert found.trace == (
        "SE2321009101-AVD: no row, and no region's committee",
        "SE2321009101-SJH: above it in the HSA tree of 2026-05-01",
        "SE2321009101-SJH: row nordmark/units.csv:3 → @rules",
        "rule 'Resten' → nordmark/system",
    )


def test_all_files_are_read_from_a_folder(files, tmp_path):
    """DOMAIN B10: what is checked is what stands there, byte for byte; hidden files are not."""
    for path, text in {**files, ".hidden.csv": "", "_old.toml": "", "README.md": ""}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    draft = read(tmp_path)
    assert draft.findings == ()
    assert draft.files == {path: text.encode() for path, text in files.items()}
    assert draft.regions == ["nordmark", "sydvik"]


def resolved(table, address):
    at = swedish_midnight(date(2026, 6, 1))
    return table.resolve(HsaId(address), Kind.COMPLAINT, ReceiverType.CARE, at)
