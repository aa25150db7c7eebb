"""Notices in the national inbox: what is called, in which order, and what an answer means."""

from dataclasses import replace
from uuid import UUID

import pytest

from gateway.domain.outcome import Delivered, Refused, TryLater, Unclear
from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.policy import Policy
from gateway.flow.notices import Citizen
from gateway.notifier.outcome import NotReached
from gateway.notifier.ways import ways_of
from gateway.settings.notices import NoticeSettings
from gateway.testing.foreign import Arrival, Mood
from gateway.wire import lent_client

TOLVAN, AGDA = "191212121212", "188803099368"
NOTICE = UUID("0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c")
LINK = "https://inkorg.example/"


@pytest.fixture
def way_of(portal):
    """Make the way with settings of its own."""
    made = []

    def make(**told):
        inbox = portal.settings | told
        settings = NoticeSettings.model_validate({"link": LINK, "national_inbox": inbox})
        [way] = ways_of(settings, "SE5560000000-VAXEL")
        made.append(way)
        return way

    yield make
    for way in made:
        way.close()


@pytest.fixture
def way(way_of):
    return way_of()


def citizen(number=TOLVAN, oid=PERSONNUMMER_OID):
    return Citizen(PersonId(oid, number), "tolvan@example.com", "070-1740605")


def test_a_member_gets_a_message_that_tells_nothing(way, portal):
    """DOMAIN D5, INTEROP §5.1: valid by the schema, in a thread of its own, with a link."""
    assert way.send(NOTICE, citizen()) == Delivered()
    [put] = portal.put
    assert (put.thread, put.person, portal.asked) == (str(NOTICE), TOLVAN, [TOLVAN])
    assert (put.sender, put.title) == ("Synpunkter och klagomål", "Du har ett nytt meddelande")
    assert LINK in put.text


def test_who_is_no_member_gets_none(way, portal):
    """INTEROP §5.1: sending to a non-user is an error, so it is asked first."""
    assert way.send(NOTICE, citizen(AGDA)) == NotReached("the citizen does not use the portal")
    assert (portal.asked, portal.put) == ([AGDA], [])


def test_an_identity_that_the_portal_cannot_know_is_not_asked_about(way, portal):
    """INTEROP §5.1: the form of subjectOfCareId."""
    reserve = citizen("19AB12121212", "1.2.752.74.9.2")
    assert isinstance(way.send(NOTICE, reserve), NotReached)
    assert portal.asked == []


def test_the_portal_tells_the_citizen_only_for_who_pays(way_of, portal):
    """INTEROP §5.1: notify needs sourceSystem; the link is one that the portal knows."""
    way = way_of(source_system="VAXEL", link_system="SYNPUNKTER", unit_name="Region Norr")
    assert way.send(NOTICE, citizen()) == Delivered()
    [put] = portal.put
    assert (put.link, put.sender) == ("SYNPUNKTER", "Region Norr")


def test_a_repeat_is_in_the_same_thread(way, portal):
    """DOMAIN D5: as after a crash."""
    way.send(NOTICE, citizen())
    way.send(NOTICE, citizen())
    assert {put.thread for put in portal.put} == {str(NOTICE)}
    assert len(portal.arrivals) == 1


@pytest.mark.parametrize(
    ("mood", "outcome"), [(Mood.BUSY, TryLater), (Mood.STRICT, Refused), (Mood.GONE, TryLater)]
)
def test_an_inbox_that_does_not_take_it_is_told_apart(way, portal, mood, outcome):
    """DOMAIN D5: and its own words, which may be about the citizen, are not repeated."""
    portal.be(mood)
    told = way.send(NOTICE, citizen())
    assert isinstance(told, outcome)
    assert TOLVAN not in told.reason


def test_a_mute_inbox_is_asked_again_later(way, portal):
    """DOMAIN D5: asking changes nothing, so it may be asked again at once."""
    portal.be(Mood.MUTE)
    with lent_client(Policy(connect_timeout_s=5.0, read_timeout_s=0.3)) as http:
        told = replace(way, http=http).send(NOTICE, citizen())
    assert told == TryLater("sent, and no answer came: ReadTimeout")
    assert portal.put == []


def test_an_address_that_is_not_known_there_is_told_without_the_citizen(way, portal):
    """INTEROP §2.6: a fault of ours."""
    wrong = replace(way, sender=replace(way.sender, logical_address="SE5560000000-WRONG"))
    assert wrong.send(NOTICE, citizen()) == Refused(
        "SOAP fault Client: it does not take this call"
    )


@pytest.mark.parametrize(
    ("code", "body", "outcome"),
    [
        ("OK", 200, Delivered()),
        ("INFO", 200, Delivered()),
        ("ERROR", 200, TryLater("it answered ERROR")),
        ("", 200, Unclear("the answer has no resultCode of the contract")),
        ("", 502, Unclear("HTTP 502: whether it took the message is not known")),
    ],
)
def test_each_result_means_what_the_standard_says(way, portal, monkeypatch, code, body, outcome):
    """INTEROP §1.4, §5.1: OK and INFO are done, ERROR is not."""
    answer = replace(portal.receipt(Arrival(str(NOTICE), "", "")), status=body)
    answer = replace(answer, body=answer.body.replace(b">OK<", f">{code}<".encode()))
    if body != 200:
        answer = replace(answer, body=b"")
    monkeypatch.setattr(portal, "receipt", lambda _: answer)
    assert way.send(NOTICE, citizen()) == outcome
