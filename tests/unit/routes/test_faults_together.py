"""Faults that come in more than one, or stand between files (DOMAIN B10)."""

import pytest

TOML, CSV = "nordmark/region.toml", "nordmark/units.csv"
OTHER_TOML, OTHER_CSV = "sydvik/region.toml", "sydvik/units.csv"
LAST = "system,2027-01-01,\n"


def test_all_faults_of_all_files_are_told_at_once_in_order(told):
    """DOMAIN B10: nobody should have to mend and try again, once for each fault."""
    findings = told(
        (OTHER_CSV, "inkorg", "inkrog"),
        (CSV, "2026-12-31", "2026-02-30"),
        (TOML, '"91"', '"9"'),
        (TOML, "concurrency = 2", "concurrency = 0"),
        (TOML, 'goes_to = "system"', 'goes_to = "inkorg"'),
    )
    assert [finding.rpartition(": ")[0].split(": ")[:2] for finding in findings] == [
        [f"{TOML}:2", "bad-code"],
        [f"{TOML}:22", "bad-policy"],
        [f"{TOML}:35", "failed-example"],
        [f"{CSV}:5", "bad-date"],
        [f"{OTHER_CSV}:2", "unknown-destination"],
    ]


def test_a_region_that_cannot_be_read_hides_no_fault_of_another(told):
    """DOMAIN B10: and its own units raise no others."""
    findings = told((TOML, "[committee]", "[committee"), (OTHER_CSV, "inkorg", "inkrog"))
    assert [finding.split(": ")[:2] for finding in findings] == [
        [f"{TOML}:4", "unreadable"],
        [f"{OTHER_CSV}:2", "unknown-destination"],
    ]


def test_a_region_without_a_committee_is_told(told, files):
    """DOMAIN B6: and its examples are judged as if it had one."""
    start, rest = files[TOML].index("[committee]"), files[TOML].index("[destinations.inkorg]")
    [finding] = told((TOML, files[TOML][start:rest], ""))
    assert finding.startswith(f"{TOML}:1: no-committee: ")


@pytest.mark.parametrize("file", [TOML, CSV])
def test_a_file_that_is_missing_is_told(told, files, file):
    """A region has two files."""
    del files[file]
    assert told() == [f"{file}: missing-file: the file is missing; add it"]


def test_a_file_that_would_not_be_read_is_told(told, files):
    """Nothing is dropped silently."""
    files["nordmark/units (1).csv"] = ""
    [finding] = told()
    assert finding.startswith("nordmark/units (1).csv: unknown-file: ")


def test_a_folder_whose_name_is_no_key_is_told(told, files):
    """A region's key stands in addresses of pages."""
    files["Syd vik/region.toml"] = files.pop(OTHER_TOML)
    files["Syd vik/units.csv"] = files.pop(OTHER_CSV)
    [finding] = told()
    assert finding.startswith("Syd vik: bad-name: ")


def test_no_region_at_all_is_told(told, files):
    """An empty table would refuse every case."""
    files.clear()
    [finding] = told()
    assert finding.startswith(".: no-regions: ")


def test_a_wrong_column_is_missing_and_another_is_not_known(told):
    """DOMAIN B10: without its columns nothing of the file is read, and nothing else is told."""
    assert [line.split(";")[0] for line in told((CSV, "place", "plats"))] == [
        f"{CSV}:1: missing-key: the column place must be there, once",
        f"{CSV}:1: unknown-key: 'plats' is no column",
    ]


def test_each_unit_too_far_below_its_uppermost_parent_is_told(told):
    """DOMAIN B13: at most LONGEST_CLIMB parents are followed."""
    chain = [
        f"SE2321009101-{n},Enhet {n},Norrfors,,SE2321009101-{n - 1},@parent,,"
        for n in range(1, 11)
    ]
    top = "SE2321009101-0,Enhet 0,Norrfors,,,inkorg,,"
    findings = told((CSV, LAST, LAST + "\n".join([top, *chain])))
    assert [finding.split(";")[0] for finding in findings] == [
        f"{CSV}:16: too-deep: 9 parents, one above the other",
        f"{CSV}:17: too-deep: 10 parents, one above the other",
    ]


def test_each_circle_of_parents_is_told_once(told):
    """DOMAIN B13: whoever stands below a circle is not at fault."""
    ring = [("1", "2"), ("2", "3"), ("3", "1"), ("4", "3"), ("5", "6"), ("6", "5")]
    rows = [f"SE2321009101-{own},Enhet,Norrfors,,SE2321009101-{up},inkorg,," for own, up in ring]
    findings = told((CSV, LAST, LAST + "\n".join(rows)))
    assert [finding.split(" the parents")[0] for finding in findings] == [
        f"{CSV}:7: parent-cycle:",
        f"{CSV}:11: parent-cycle:",
    ]


def test_a_unit_that_no_rule_takes_is_told_for_each_kind(told):
    """DOMAIN B1: from when, and for which kind of case."""
    findings = told((TOML, 'name = "Resten"', 'name = "Resten"\nprovider = "SE2321009101-FTV"'))
    assert findings[2:] == [
        f"{CSV}:3: no-rule: no rule of the region takes COMPLAINT for "
        "SE2321009101-SJH from the beginning"
    ]


def test_periods_that_one_row_covers_leave_no_gap(told):
    """DOMAIN B1: a row within another is an overlap, and the next one too."""
    row = "SE2321009101-X,X,Norrfors,,,inkorg,2026-{},2026-{}\n"
    rows = (
        row.format("01-01", "12-31") + row.format("02-01", "02-28") + row.format("05-01", "05-31")
    )
    findings = told((CSV, LAST, LAST + rows))
    assert [finding.split(": SE")[0] for finding in findings] == [
        f"{CSV}:8: overlap",
        f"{CSV}:9: overlap",
    ]
