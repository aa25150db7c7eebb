"""The demo's cases: every path, and nobody but the official test persons."""

from collections import Counter
from datetime import date

from gateway.demo.cases import MORE_TO_COME, PICTURE_OFFERED, Path, planned
from gateway.demo.sending import Door
from gateway.domain.law import Limits, case_faults

TODAY = date(2026, 3, 2)
TEST_PERSONS = {
    "191212121212",
    "188803099368",
    "196711222940",
    "189310229803",
    "191001319803",
    "200208012393",
}


def test_there_are_enough_cases_and_every_path_is_taken():
    """A1, B: a path that the demo does not take, it does not show."""
    taken = Counter(case.path for case in planned(TODAY))
    assert set(taken) == set(Path)
    assert taken.total() - taken[Path.UNKNOWN] >= 40


def test_both_doors_get_half_of_every_path():
    """A1: both doors accept the same cases."""
    doors = Counter((case.path, case.door) for case in planned(TODAY))
    assert all(doors[path, Door.SOAP] and doors[path, Door.REST] for path in Path)
    halves = Counter(case.door for case in planned(TODAY))
    assert halves[Door.SOAP] == halves[Door.REST]


def test_cases_come_again_through_the_same_door_and_through_the_other():
    """A1: repeats are recognised at both doors, and across them."""
    ways = {(case.door, case.again) for case in planned(TODAY) if case.again}
    assert ways == {(first, again) for first in Door for again in Door}


def test_every_case_keeps_the_law():
    """A2-A6, A8: nothing but the unknown unit is refused."""
    faults = [case_faults(case.case, TODAY, Limits()) for case in planned(TODAY)]
    assert [found for found in faults if found] == []


def test_only_the_official_test_persons_occur():
    """A8: an example is never a real person."""
    cases = [planned.case for planned in planned(TODAY)]
    people = {case.submitter.person_id.number for case in cases}
    people |= {case.patient.person_id.number for case in cases if case.patient}
    assert people <= TEST_PERSONS


def test_the_same_day_gives_the_very_same_cases():
    """A1: an e-service that starts again repeats what it sent, and nothing else."""
    assert planned(TODAY) == planned(TODAY)


def test_who_sends_more_later_says_so():
    """A10: a case that is closed takes no supplement."""
    for case in planned(TODAY):
        assert (case.supplement is not None) == (MORE_TO_COME in case.case.description)
        assert (case.asked is not None) == (PICTURE_OFFERED in case.case.description)
