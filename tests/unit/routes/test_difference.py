"""What would become different with another table."""

from datetime import UTC, datetime

import pytest

from gateway.domain.case import Kind
from gateway.routes.difference import How, What, difference

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
UNITS, REGION = "nordmark/units.csv", "nordmark/region.toml"
VC, SJH, KLIN = "SE2321009101-VC", "SE2321009101-SJH", "SE2321009101-KLIN"


@pytest.fixture
def compare(files, table_of):
    """Compare with what these changes of texts make; each is a file, the old and the new text."""
    # What is different shall show, and not be stopped by an example.
    files[REGION] = files[REGION].split("[[examples]]")[0]
    before = table_of(files)

    def compared(*changes, open_cases=None):
        for file, old, new in changes:
            assert old in files[file]
            files[file] = files[file].replace(old, new, 1)
        return difference(before, table_of(files), NOW, open_cases or {})

    return compared


def told(found):
    return [(change.what, change.name, change.how) for change in found.changes]


def moved(found):
    return {(move.unit.text, move.kind, move.before, move.after, move.at) for move in found.moves}


def test_the_same_files_are_no_difference(compare):
    """DOMAIN B10."""
    found = compare()
    assert (found.changes, found.moves, found.left_behind) == ((), (), {})


def test_a_row_that_only_stands_elsewhere_is_no_difference(compare):
    """DOMAIN B10: only what it says counts."""
    row = f"{VC},Vårdcentralen,Norrfors,,,inkorg,,\n"
    found = compare((UNITS, row, ""), (UNITS, f"{SJH},", f"{row}{SJH},"))
    assert found.changes == ()


def test_units_are_added_removed_and_changed(compare):
    """DOMAIN B10: with what each said and would say."""
    row = "SE2321009101-NY,Nya,Norrfors,,,inkorg,,"
    found = compare(
        (UNITS, f"{KLIN},Kliniken,Norrfors,,{SJH},@parent,,", row),
        (UNITS, "Vårdcentralen,Norrfors,,,inkorg", "Vårdcentralen,Norrfors,,,system"),
    )
    assert set(told(found)) == {
        (What.UNIT, "SE2321009101-NY", How.ADDED),
        (What.UNIT, KLIN, How.REMOVED),
        (What.UNIT, VC, How.CHANGED),
    }
    (changed,) = (change for change in found.changes if change.name == VC)
    assert changed.words == "Vårdcentralen, nordmark/inkorg ⇒ Vårdcentralen, nordmark/system"


def test_a_unit_that_goes_elsewhere_from_a_day_is_told_with_the_day(compare):
    """DOMAIN B4, B10: Swedish days, as instants."""
    later = f"{VC},Vårdcentralen,Norrfors,,,inkorg,,2026-12-31\n"
    later += f"{VC},Vårdcentralen,Norrfors,,,system,2027-01-01,"
    found = compare((UNITS, f"{VC},Vårdcentralen,Norrfors,,,inkorg,,", later))
    routes = "nordmark/inkorg", "nordmark/system"
    assert moved(found) == {(VC, kind, *routes, NEW_YEAR) for kind in Kind}


def test_units_move_with_those_that_they_inherit_from(compare):
    """DOMAIN B13: the clinic goes where its hospital goes."""
    found = compare((UNITS, "Lasarettet,Norrfors,,,@rules", "Lasarettet,Norrfors,,,inkorg"))
    complaint = Kind.COMPLAINT, "nordmark/system", "nordmark/inkorg", None
    assert moved(found) == {(SJH, *complaint), (KLIN, *complaint)}


def test_another_rule_moves_the_units_that_it_is_for(compare):
    """DOMAIN B3, B10."""
    last = 'name = "Resten"\ndestination = '
    found = compare((REGION, f'{last}"system"', f'{last}"inkorg"'))
    assert told(found) == [(What.RULES, "rules", How.CHANGED)]
    complaint = Kind.COMPLAINT, "nordmark/system", "nordmark/inkorg", None
    assert moved(found) == {(SJH, *complaint), (KLIN, *complaint)}


def test_open_cases_stay_and_are_counted(compare):
    """DOMAIN B4: with the units that move, and with destinations that would be gone."""
    there = {("se2321009101-vc", "nordmark/inkorg"): 3, ("se2321009101-x", "nordmark/system"): 2}
    found = compare(
        (UNITS, "Vårdcentralen,Norrfors,,,inkorg", "Vårdcentralen,Norrfors,,,system"),
        open_cases=there,
    )
    assert {move.open_cases for move in found.moves} == {3}
    assert found.left_behind == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "national"),
    [
        (REGION, 'name = "Patientnämnden"', 'name = "Nämnden"', What.COMMITTEE, True),
        (REGION, 'name = "Region Nordmark"', 'name = "Nord"', What.REGION, True),
        (REGION, "concurrency = 2", "concurrency = 3", What.DESTINATION, False),
        (REGION, 'code = "91"', 'code = "91"\nanswer_within_days = 14', What.CLOCK, False),
        (REGION, '"Enhetens inkorg"', '"Inkorgen"', What.DESTINATION, True),
        (UNITS, "Vårdcentralen", "Centralen", What.UNIT, False),
    ],
    ids=["committee", "region", "destination", "clock", "the committee's destination", "unit"],
)
def test_what_only_national_operators_may_change_is_told(compare, file, old, new, what, national):
    """DOMAIN B7: the region, its committee, and how the committee is reached."""
    (change,) = compare((file, old, new)).changes
    assert (change.what, change.national) == (what, national)


def test_a_region_that_begins_to_receive_is_told(compare):
    """DOMAIN B6: active only with a committee."""
    future = 'destination = "inkorg"\nvalid_from = 2027-06-01'
    found = compare((REGION, 'destination = "inkorg"', future))
    (change,) = found.changes
    assert change.words.endswith("the region stops being active")
    assert {move.after for move in found.moves if move.at is None} == {None}
