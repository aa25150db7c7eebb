"""Who is signed in stands in a cookie that nobody but us can make (DOMAIN E1)."""

from dataclasses import replace

import pytest

from gateway.console.provider import Attempt
from gateway.console.staff.people import Assignment, Person
from gateway.console.staff.sessions import Sessions, TooManyAssignments
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Role

SECRET = "only for tests, and long enough for them"  # noqa: S105
RECEIVER = Assignment("Enheten", Role.CASE_RECEIVER, ("SE2321009101-ENHET",))
COMMITTEE = Assignment("Nämnden", Role.COMMITTEE_STAFF, ("SE2321009101-PATN",))
MARIA = Person(HsaId("SE2321009101-P1"), "Maria Mottagare", (RECEIVER,))


@pytest.fixture
def sessions(watch):
    return Sessions(SECRET, idle_s=60, longest_s=600, clock=watch)


def test_a_session_is_read_as_it_was_written(sessions):
    """Person, assignment and time come back (E1)."""
    session = sessions.begun(MARIA)
    assert sessions.read(sessions.written(session)) == session


def test_a_person_with_one_assignment_works_under_it(sessions):
    """Nothing is asked that has one answer (E1)."""
    caller = sessions.begun(MARIA).caller
    assert (caller.role, caller.units) == (Role.CASE_RECEIVER, {HsaId("SE2321009101-ENHET")})


def test_a_person_with_two_assignments_is_nobody_before_one_is_chosen(sessions):
    """Deny by default (E1)."""
    session = sessions.begun(replace(MARIA, assignments=(RECEIVER, COMMITTEE)))
    assert session.caller is None
    assert sessions.chosen(session, 1).caller.role is Role.COMMITTEE_STAFF


@pytest.mark.parametrize("cookie", [None, "", "x", "e30.x"])
def test_a_cookie_that_is_not_ours_opens_nothing(sessions, cookie):
    """Anything may come in a cookie."""
    assert sessions.read(cookie) is None


def test_a_cookie_signed_with_another_secret_opens_nothing(sessions):
    """Only who has the secret makes sessions."""
    other = Sessions(SECRET[::-1], idle_s=60, longest_s=600)
    assert sessions.read(other.written(other.begun(MARIA))) is None


def test_a_cookie_of_one_sort_is_none_of_another(sessions):
    """What began a sign-in is no session, though both have our signature."""
    assert sessions.read(sessions.attempt_written(Attempt("/console/cases"))) is None


def test_a_cookie_of_another_version_opens_nothing(sessions):
    """After an upgrade people sign in again, and see no error."""
    assert sessions.read(sessions._seal.written({"at": 1})) is None


def test_who_is_idle_is_signed_out(sessions, watch):
    """A computer that was left opens nothing for long."""
    cookie = sessions.written(sessions.begun(MARIA))
    watch.now += 60
    assert sessions.read(cookie) is None


def test_a_cookie_is_written_anew_when_it_is_no_longer_fresh(sessions, watch):
    """Who works stays signed in, and most answers carry no cookie (E1)."""
    session = sessions.begun(MARIA)
    read = sessions.read(sessions.written(session))
    assert sessions.is_to_be_written(session)
    assert not sessions.is_to_be_written(read)
    watch.now += 30
    assert sessions.is_to_be_written(read)


def test_a_session_that_has_ended_is_not_written_again(sessions, watch):
    """DOMAIN E1: a slow answer does not bring back who has signed out."""
    session = sessions.read(sessions.written(sessions.begun(MARIA)))
    sessions.end(session)
    watch.now += 30
    assert not sessions.is_to_be_written(session)


def test_what_has_ended_is_forgotten_when_no_cookie_of_it_is_good(sessions, watch):
    """DOMAIN E1: signing out costs no memory for ever."""
    for _ in range(3):
        sessions.end(sessions.begun(MARIA))
        watch.now += 600
    assert len(sessions._ended) == 1


def test_a_session_that_is_used_all_the_time_ends_too(sessions, watch):
    """The longest time counts from the sign-in."""
    session = sessions.begun(MARIA)
    for _ in range(11):
        watch.now += 55
        session = sessions.read(sessions.written(session)) or session
    assert sessions.read(sessions.written(session)) is None


def test_a_form_is_good_for_its_session_only(sessions):
    """Another session's form, or one made elsewhere, is not ours (CSRF)."""
    mine, other = sessions.begun(MARIA), sessions.begun(MARIA)
    assert sessions.is_own_form(mine, sessions.form_token(mine))
    assert not sessions.is_own_form(mine, sessions.form_token(other))
    assert not sessions.is_own_form(mine, "ö")


def test_a_form_of_the_assignment_before_is_not_sent_under_the_next(sessions):
    """What was meant under one assignment is not done under another (E1)."""
    session = sessions.begun(replace(MARIA, assignments=(RECEIVER, COMMITTEE)))
    before = sessions.form_token(sessions.chosen(session, 0))
    assert not sessions.is_own_form(sessions.chosen(session, 1), before)


def test_more_assignments_than_a_cookie_holds_are_told(sessions):
    """A browser would silently drop the cookie."""
    units = tuple(f"SE2321009101-{number:x}" for number in range(0, 10**9, 10**6))
    many = replace(MARIA, assignments=(replace(RECEIVER, units=units),))
    with pytest.raises(TooManyAssignments):
        sessions.written(sessions.begun(many))


def test_an_attempt_is_read_as_it_was_written_until_it_is_too_old(sessions, watch):
    """Signing in at the provider may take a while, and not for ever."""
    attempt = Attempt("/console/cases")
    cookie = sessions.attempt_written(attempt)
    assert sessions.attempt_read(cookie) == attempt
    watch.now += 901
    assert sessions.attempt_read(cookie) is None
