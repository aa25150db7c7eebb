"""Each thing that can be wrong with routing rules is found, alone, at its file and line (B10)."""

from pathlib import Path

import pytest

from gateway.routes.finding import Rule

TOML, CSV = "nordmark/region.toml", "nordmark/units.csv"
OTHER_TOML, OTHER_CSV = "sydvik/region.toml", "sydvik/units.csv"
VC = "VC,Vårdcentralen,Norrfors,,,inkorg,,\n"
KLIN = ",@parent,,\n"
LAST = "system,2027-01-01,\n"
MORE = "SE2321009101-NY,Ny,Norrfors,,"  # the beginning of line 7

# What is replaced by what in which file, and the beginning and a part of the one finding.
IN_REGIONS = [
    (TOML, 'name = "Region Nordmark"', 'name = "Region', "1: unreadable", "is not TOML"),
    (TOML, 'goes_to = "system"\n', 'goes_to = "system', "39: unreadable", "is not TOML"),
    (TOML, "concurrency = 2", "concurrency = 2" + "0" * 9000, "40: unreadable", "is not TOML"),
    (TOML, "concurrency", "concurency", "23: unknown-key", "did you mean 'concurrency'?"),
    (TOML, "[[rules]]", "[[rule]]", "25: unknown-key", "did you mean 'rules'?"),
    (TOML, 'why = "Kliniken ärver"', "", "35: missing-key", "why is missing"),
    (TOML, '"Patientnämnden"', '""', "6: missing-key", "name is missing"),
    (TOML, '"91"', "91", "2: wrong-type", 'code must be a text in "quotes"'),
    (TOML, "2026-06-01", '"2026-06-01"', "38: wrong-type", "without quotes"),
    (TOML, "concurrency = 2", "concurrency = true", "23: wrong-type", "a whole number"),
    (TOML, "concurrency = 2", "jitter = inf", "23: wrong-type", "a number"),
    (
        TOML,
        "[dest",
        "[destinations]\nx = 1\n[dest",
        "10: wrong-type",
        "must be a table of its own",
    ),
    (TOML, 'adapter = "rest"\n', "", "14: missing-key", "adapter is missing"),
    (TOML, "concurrency = 2", "concurrency = 0", "22: bad-policy", "use at least 1"),
    (TOML, '"91"', '"9"', "2: bad-code", "two digits"),
    (TOML, '"91"', '"91"\nanswer_within_days = 0', "3: bad-days", "from 1 to 365 days"),
    (TOML, '"91"', '"91"\nanswer_within_days = 2.5', "3: wrong-type", "a whole number"),
    (TOML, '"Resten"', '"Resten"\nkind = "FEEDBAK"', "33: bad-choice", "mean 'FEEDBACK'?"),
    (TOML, "at = 2026", 'receiver = "VÅRDEN"\nat = 2026', "38: bad-choice", "CARE, COMMITTEE"),
    (TOML, '-PATN"', '-PÄTN"', "5: bad-hsa-id", "is not an HSA-id"),
    (TOML, '-SYS"', '-SYS "', "17: bad-hsa-id", "has a blank"),
    (TOML, '-KVAL"', '-KVAL "', "12: bad-hsa-id", "has a blank"),
    (TOML, "2026-06-01", "1026-06-01", "38: bad-date", "the year 1026 cannot be meant"),
    (TOML, '"Resten"', '"Resten"\nvalid_to = 1900-01-01', "33: bad-date", "the year 1900"),
    (
        TOML,
        'name = "Patient',
        'valid_from = 2026-02-01\nvalid_to = 2026-01-31\nname = "Patient',
        "6: bad-period",
        "2026-02-01 is after valid_to 2026-01-31",
    ),
    (TOML, '"rest"', '"rst"', "16: bad-adapter", "there is no adapter 'rst'"),
    (TOML, "url =", "uri =", "16: bad-adapter", "url is missing"),
    (TOML, 'system = "SE2321009101-SYS"', "", "14: bad-system", "system is missing"),
    (
        TOML,
        '"inbox"',
        '"inbox"\nsystem = "SE2321009101-X"',
        "12: bad-system",
        "has no case system",
    ),
    (
        TOML,
        "[[rules]]",
        '[destinations."Ö"]\ntitle = "Ö"\nadapter = "inbox"\n[[rules]]',
        "25: bad-name",
        "'Ö' cannot be a name",
    ),
    (
        TOML,
        "[[rules]]",
        '[destinations.nowhere]\ntitle = "Ö"\nadapter = "inbox"\n[[rules]]',
        "25: bad-name",
        "choose another",
    ),
    (TOML, 'destination = "inkorg"', 'destination = "inkorgen"', "7: unknown-dest", "'inkorg'?"),
    (TOML, 'goes_to = "system"', 'goes_to = "sistem"', "39: unknown-destination", "'system'?"),
    (TOML, "-SJH", "-SJ", "28: unknown-unit", "is no unit of this region's file"),
]
IN_UNITS = [
    (CSV, LAST, 'system,"2027"-01-01,\n', "6: unreadable", "is not CSV"),
    (CSV, VC, "VC,Vårdcentralen\n", "2: unreadable", "2 cells where the first line has 8"),
    (CSV, "Lasarettet", "", "3: missing-key", "name is empty"),
    (CSV, "SE2321009101-VC", "", "2: missing-key", "hsa_id is empty"),
    (CSV, VC, VC.replace("inkorg", "@parent"), "2: missing-key", "name the parent"),
    (CSV, "SE2321009101-VC", "SE232100-VC", "2: bad-hsa-id", "hsa_id: 'SE232100-VC'"),
    (CSV, "SE2321009101-VC", "SE2321009101-VC ", "2: bad-hsa-id", "has a blank"),
    (CSV, "Norrfors,,,", "Norrfors,556,,", "2: bad-hsa-id", "provider"),
    (CSV, "Vårdcentralen", "Vårdcentralen ", "2: blank", "a blank at an end"),
    (CSV, "Vårdcentralen", "Vård\u00adcentralen", "2: blank", "cannot be seen"),
    (CSV, "2026-12-31", "2026-02-30", "5: bad-date", "write it as 2026-01-31"),
    (CSV, "2026-12-31", "20261231", "5: bad-date", "write it as 2026-01-31"),
    (CSV, "2026-12-31", "9999-12-31", "5: bad-date", "leave it out"),
    (CSV, VC, VC.replace("inkorg,", "inkorg,2026-13-01"), "2: bad-date", "valid_from: "),
    (CSV, LAST, "system,2027-01-01,2026-12-31\n", "6: bad-period", "is after valid_to"),
    (CSV, VC, VC.replace("inkorg", "inkorgen"), "2: unknown-destination", "'inkorg'?"),
    (CSV, VC, VC.replace("inkorg", "@parents"), "2: unknown-destination", "'@parent'?"),
    (CSV, "Norrfors,,,", "Norrfors,,SE2321009101-X,", "2: unknown-parent", "-X is no unit"),
    (CSV, "Norrfors,,,", "Norrfors,,SE2321009202-VC,", "2: unknown-parent", "of this region's"),
    (CSV, "Norrfors,,,", "Norrfors,,SE2321009101-vc,", "2: parent-cycle", "-VC → SE2321009101-VC"),
    (
        CSV,
        KLIN,
        KLIN + MORE + ",inkorg,,\n" + MORE + ",system,,\n",
        "6: two-routes",
        "units.csv:5",
    ),
    (OTHER_CSV, "SE2321009202-VC", "SE2321009101-VC", "2: two-routes", "nordmark/units.csv:2"),
    (CSV, "2027-01-01", "2026-12-31", "6: overlap", "in common with nordmark/units.csv:5"),
    (CSV, "2027-01-01", "2027-01-03", "6: gap", "from 2027-01-01 until 2027-01-03"),
    (CSV, "-VC", "-PATN", "2: committee-is-unit", "is the committee of region nordmark"),
    (CSV, VC, VC.replace(",,,inkorg", ",,SE2321009101-BYT,@parent"), None, ""),
    (CSV, "@rules,,", "@rules,2026-02-01,", "4: nothing-to-inherit", "from the beginning"),
    (CSV, "@rules,,", "@rules,,2027-12-31", "4: nothing-to-inherit", "from 2028-01-01"),
]
BETWEEN = [
    (OTHER_TOML, '"92"', '"91"', "2: same-code", "region nordmark"),
    (OTHER_TOML, "SE2321009202-PATN", "SE2321009101-PATN", "5: same-committee", "region nordmark"),
    (TOML, 'under = "SE2321009101-SJH"\n', "", None, ""),
    (
        TOML,
        'under = "SE2321009101-SJH"',
        'provider = "SE2321009101-FTV"',
        "28: unknown-provider",
        "of no unit",
    ),
    (TOML, 'name = "Resten"', 'name = "Resten"\nkind = "COMPLAINT"', None, ""),
    (
        TOML,
        'name = "Resten"',
        'name = "Resten"\nvalid_to = 2026-12-31',
        CSV + ":3: no-rule",
        "2027",
    ),
    (TOML, 'goes_to = "system"', 'goes_to = "nowhere"', "35: failed-example", "'Kliniken ärver'"),
    (TOML, "-KLIN", "-BORTA", "35: failed-example", "goes to nowhere: SE2321009101-BORTA: no row"),
    (TOML, "-KLIN", "-VC", "35: failed-example", "but goes to nordmark/inkorg: SE2321009101-VC"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [*IN_REGIONS, *IN_UNITS, *BETWEEN],
    ids=lambda value: str(value)[:24],
)
def test_a_fault_is_told_once_at_its_line(told, file, old, new, place, words):
    """DOMAIN B10: one fault, one finding, in the right place; and what is no fault is none."""
    findings = told((file, old, new))
    if place is None:
        assert findings == []
    else:
        [finding] = findings
        assert finding.startswith(place if "/" in place else f"{file}:{place}")
        assert words in finding


def test_every_rule_is_shown_by_a_test():
    """A rule that no test breaks may never fire."""
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert [
        rule.value for rule in Rule if not any(f" {rule.value}" in text for text in texts)
    ] == []
