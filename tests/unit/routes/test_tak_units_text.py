"""units.csv keeps its own ways when some of its rows are changed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.routes.tak.overlay import Plan, Stretch, laid
from gateway.routes.tak.units_text import NEVER, Record, read_text

HEADER = "hsa_id,name,place,provider,parent,destination,valid_from,valid_to"


def changed(text, unit, plan):
    """Change one unit's rows in a text."""
    whole = read_text(text.encode())
    records = [record for record in whole.records if record.cells["hsa_id"] == unit]
    pieces = laid(records, plan)
    instead = {
        record: [piece.cells for piece in pieces if piece.of is record] for record in records
    }
    return whole.edited(instead).decode()


def to_system(first, last=None):
    """Plan for a unit that goes to the system from a day on."""
    end = NEVER if last is None else last.toordinal() + 1
    return Plan((Stretch(first.toordinal(), end, "system"),), first.toordinal(), {"system"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"{HEADER}\nA,Å,,,,inkorg,,\nB,B,,,,inkorg,,\n",
            f"{HEADER}\nA,Å,,,,inkorg,,2026-12-31\nA,Å,,,,system,2027-01-01,\nB,B,,,,inkorg,,\n",
        ),
        (
            "\ufeff" + f"{HEADER}\r\nA,Å,,,,inkorg,,".replace(",", ";"),
            "\ufeff"
            + f"{HEADER}\r\nA,Å,,,,inkorg,,2026-12-31\r\nA,Å,,,,system,2027-01-01,\r\n".replace(
                ",", ";"
            ),
        ),
        (
            f'{HEADER}\n\nB,"B",,,,inkorg,,\nA,"Å, å",,,,inkorg,,\n,,,,,,,\n',
            f'{HEADER}\n\nB,"B",,,,inkorg,,\nA,"Å, å",,,,inkorg,,2026-12-31\n'
            'A,"Å, å",,,,system,2027-01-01,\n,,,,,,,\n',
        ),
        (
            "valid_to,destination,hsa_id,name,place,provider,parent,valid_from\n,inkorg,A,Å,,,,\n",
            "valid_to,destination,hsa_id,name,place,provider,parent,valid_from\n"
            "2026-12-31,inkorg,A,Å,,,,\n,system,A,Å,,,,2027-01-01\n",
        ),
    ],
    ids=["commas", "semicolons, mark, CRLF, no last line end", "quotes, blanks", "own order"],
)
def test_separator_order_mark_and_line_ends_stay_as_they_are(before, after):
    """DOMAIN B10: a change shows as the change that it is."""
    assert changed(before, "A", to_system(date(2027, 1, 1))) == after


def test_a_unit_that_gets_another_name_keeps_it():
    """DOMAIN B4: rows say more than destinations."""
    text = f"{HEADER}\nA,Old,,,,inkorg,,2027-05-31\nA,New,,,,inkorg,2027-06-01,\n"
    rows = changed(text, "A", to_system(date(2027, 1, 1))).splitlines()[1:]
    assert rows == [
        "A,Old,,,,inkorg,,2026-12-31",
        "A,Old,,,,system,2027-01-01,2027-05-31",
        "A,New,,,,system,2027-06-01,",
    ]


DAYS_FROM, DAYS_TO = date(2026, 1, 1).toordinal(), date(2026, 1, 31).toordinal()
DAYS = st.integers(DAYS_FROM, DAYS_TO)
SPANS = st.lists(DAYS, min_size=2, max_size=6, unique=True).map(sorted)


@given(rows=SPANS, told=SPANS)
def test_every_day_is_as_the_tak_says_or_else_as_it_was(rows, told):
    """DOMAIN B4, B12: one destination a day, in order, and none lost that was not ended."""
    records = _records(rows)
    plan = Plan(tuple(_told(told)), told[0], {"system"})
    pieces = laid(records, plan)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    for day in range(DAYS_FROM, DAYS_TO + 2):
        said = next((t.destination for t in plan.told if t.start <= day < t.end), None)
        was = next((r.destination for r in records if r.start <= day < r.end), None)
        is_ended = was == "system" and day >= plan.ends
        found = [p.destination for p in pieces if p.start <= day < p.end]
        assert found == [one for one in [said or (None if is_ended else was)] if one]


def _records(edges):
    """Make rows that meet, to each destination in turn."""
    return [
        Record("", {"destination": ("inkorg", "system")[number % 2]}, start, end)
        for number, (start, end) in enumerate(pairwise(edges))
    ]


def _told(edges):
    return [Stretch(start, end - 1, "system") for start, end in pairwise(edges) if end - 1 > start]


def test_a_day_is_written_as_it_is_read():
    """DOMAIN B4: the last day belongs to the row."""
    first, last = date(2027, 1, 1), date(2027, 1, 1) + timedelta(days=3)
    text = changed(f"{HEADER}\nA,Å,,,,inkorg,,\n", "A", to_system(first, last))
    assert text.splitlines()[2] == "A,Å,,,,system,2027-01-01,2027-01-04"
