"""Who a citizen is, as the identity provider tells, and how the browser keeps it."""

import json
from base64 import urlsafe_b64decode

import pytest

from gateway.console.citizen.citizen import citizen_of
from gateway.console.claims import NotUnderstood
from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.person_number import COORDINATION_OID
from gateway.settings.citizen_sign_in import CitizenClaimNames
from tests.unit.console.citizen.conftest import COOKIE, TOLVAN_TOLVANSSON

NAMES = CitizenClaimNames()
PERSONAL = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION = "https://id.oidc.se/claim/coordinationNumber"


@pytest.mark.parametrize(
    ("claims", "oid"),
    [
        ({PERSONAL: "191212121212"}, PERSONNUMMER_OID),
        ({COORDINATION: "197010632391"}, COORDINATION_OID),
        ({PERSONAL: "197010632391"}, COORDINATION_OID),
    ],
    ids=["personal", "coordination", "a coordination number under the other name"],
)
def test_the_number_is_of_its_register(claims, oid):
    """DOMAIN A8: the names are those of the Swedish OpenID Connect profile."""
    (number,) = claims.values()
    assert citizen_of(claims | {"name": "Tolvan"}, NAMES).person_id == PersonId(oid, number)


@pytest.mark.parametrize(
    "claims",
    [{}, {PERSONAL: "19121212-1212"}, {PERSONAL: "191212121213"}, {PERSONAL: 12}],
    ids=str,
)
def test_who_has_no_number_that_is_taken_is_not_understood(claims):
    """DOMAIN A8: and what was told stands in no words of ours."""
    with pytest.raises(NotUnderstood) as error:
        citizen_of(claims, NAMES)
    assert "1212" not in str(error.value)


def test_a_name_that_holds_a_number_is_shown_without_it():
    """DOMAIN A8: whatever a provider writes there."""
    claims = {PERSONAL: "191212121212", "name": "Tolvan 19121212-1212"}
    assert "1212" not in citizen_of(claims, NAMES).name


def test_who_has_no_number_is_told_politely(come, desk, monkeypatch):
    """DOMAIN A8: with where to turn instead."""
    monkeypatch.setattr(type(desk.provider), "claims", lambda *_: {"name": "Pat"})
    monkeypatch.setattr(type(desk.provider), "address_to_sign_in", lambda *_: "https://eid")
    browser = come()
    browser.get("/sign-in")
    state = _attempt_of(browser, desk).state
    answer = browser.get(f"/signed-in?code=c&state={state}")
    assert (answer.status_code, "Patientnämnden" in answer.text) == (403, True)


def test_who_signs_in_comes_to_the_page_that_was_asked_for(come, desk, monkeypatch):
    """DOMAIN A14: a direct link to a unit's form works for who has to sign in first."""
    told = {PERSONAL: "191212121212", "name": "Tolvan Tolvansson"}
    monkeypatch.setattr(type(desk.provider), "claims", lambda *_: told)
    monkeypatch.setattr(type(desk.provider), "address_to_sign_in", lambda *_: "https://eid")
    browser = come()
    browser.get("/sign-in?next=/citizen/new?unit=SE-1")
    state = _attempt_of(browser, desk).state
    answer = browser.get(f"/signed-in?code=c&state={state}")
    assert answer.headers["location"] == "/citizen/new?unit=SE-1"
    assert "Tolvan Tolvansson" in browser.get("/").text


def test_the_cookie_tells_nobody_who_has_signed_in(tolvan, watch):
    """DOMAIN A8: it is encrypted, for this host, over TLS, and for no script."""
    watch.now += 40
    header = tolvan.get("/cases").headers["set-cookie"]
    assert all(word in header for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
    assert header.startswith(f"{COOKIE}=")
    token = urlsafe_b64decode(header.removeprefix(f"{COOKIE}=").partition(";")[0])
    assert b"191212121212" not in token
    assert b"Tolvan" not in token


def test_a_session_is_read_as_it_was_written(sessions):
    """Number, name and time come back, to us alone."""
    session = sessions.begun(TOLVAN_TOLVANSSON)
    assert sessions.read(sessions.written(session)) == session
    assert "1212" not in repr(session)


def test_a_cookie_of_staff_opens_nothing_here(come, sessions):
    """Two sorts of people, two cookies: also under the same secret."""
    browser = come()
    browser.client.cookies.set(COOKIE, json.dumps({"p": ["1", "2"]}))
    assert browser.get("/cases").status_code == 303


def _attempt_of(browser, desk):
    return desk.sessions.attempt_read(browser.client.cookies["__Host-vaxel-citizen-attempt"])
