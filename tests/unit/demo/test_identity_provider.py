"""The stand-in speaks OpenID Connect as real providers do, and says that it is one."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from gateway.console.citizen.citizen import citizen_of
from gateway.console.provider import Attempt, Provider, SignInRefused
from gateway.console.staff.people import person_of
from gateway.demo.identity_provider import IdentityProvider
from gateway.demo.people import CITIZENS, SIGN_INS, STAFF
from gateway.settings.citizen_sign_in import CitizenClaimNames
from gateway.settings.sign_in import SignInSettings

ISSUER, BACK = "http://127.0.0.1:1", "https://127.0.0.1:2/console/signed-in"
SECRET = "of this test alone"  # noqa: S105 opens nothing
ATTEMPT = Attempt("/console/cases")


@pytest.fixture
def idp():
    return TestClient(
        IdentityProvider(ISSUER, STAFF.client_id, SECRET, BACK, STAFF.people).app(),
        follow_redirects=False,
    )


@pytest.fixture
def provider(idp):
    def passed_on(request):
        there, headers = request.url.raw_path.decode(), dict(request.headers)
        answer = idp.request(request.method, there, headers=headers, content=request.content)
        return httpx.Response(answer.status_code, content=answer.content)

    settings = SignInSettings(
        issuer=ISSUER,
        client_id=STAFF.client_id,
        client_secret=SecretStr(SECRET),
        session_secret=SecretStr("only for tests, and long enough for them"),
        stand_in=True,
    )
    return Provider(settings, BACK, lambda: httpx.Client(transport=httpx.MockTransport(passed_on)))


def picked(idp, provider, person, attempt=ATTEMPT):
    """Go to the page, and click on a person; gives the code."""
    there = urlsplit(provider.address_to_sign_in(attempt))
    page = idp.get(f"{there.path}?{there.query}").text
    (link,) = [one for one in page.split('"') if f"person={person}" in one]
    back = idp.get(link.replace("&amp;", "&")).headers["location"]
    return parse_qs(urlsplit(back).query)["code"][0]


@pytest.mark.parametrize("person", STAFF.people)
def test_everybody_in_the_demo_can_sign_in(idp, provider, person):
    """With an assignment that the pages know (E1)."""
    claims = provider.claims(picked(idp, provider, person), ATTEMPT)
    settings = provider._settings
    assert person_of(claims, settings.claims, settings.roles).assignments


def test_a_code_is_good_once_and_for_its_own_verifier(idp, provider):
    """Whoever steals one gets nothing (RFC 7636)."""
    code = picked(idp, provider, "receiver")
    with pytest.raises(SignInRefused):
        provider.claims(code, Attempt("/console/cases"))
    with pytest.raises(SignInRefused):
        provider.claims(code, ATTEMPT)


def test_nobody_is_sent_to_another_address(idp):
    """Only the gateway that it was started for is a client."""
    query = {
        "client_id": STAFF.client_id,
        "redirect_uri": "https://evil.example",
        "person": "receiver",
    }
    assert idp.get("/picked", params=query).status_code == 400
    assert idp.get("/authorize", params=query).status_code == 400


def test_the_settings_of_the_demo_name_a_stand_in():
    """Nothing but the demo sets it."""
    for sign_in in SIGN_INS:
        assert "stand_in = true" in sign_in.settings(ISSUER, "a", "b")


@pytest.mark.parametrize("claims", CITIZENS.people.values())
def test_every_citizen_of_the_demo_is_known_by_a_test_number(claims):
    """The official ones, which are nobody's (A8)."""
    assert citizen_of(claims, CitizenClaimNames()).name == claims["name"]


def test_everybody_in_the_demo_shows_something():
    """The table of people says what one sees as each."""
    for sign_in in SIGN_INS:
        assert sign_in.people.keys() == sign_in.shows.keys()
