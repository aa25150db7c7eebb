"""How citizens sign in is checked at start, as for staff (DOMAIN A1)."""

import pytest

from gateway.domain.errors import StartRefused
from gateway.settings import FILE, read_settings

PROVIDER = """
[citizen_sign_in]
issuer = "https://eid.example.org"
client_id = "vaxel"
client_secret = "the secret that the provider gave"
session_secret = "only for tests, and long enough for them"
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Read settings from a text."""
    monkeypatch.chdir(tmp_path)

    def read(text):
        (tmp_path / FILE).write_text(text)
        return read_settings()

    return read


def test_the_claims_are_those_of_the_swedish_profile_unless_others_are_set(settings):
    """DOMAIN A8: the number is asked for by its scope."""
    told = settings(PROVIDER).citizen_sign_in
    assert told.claims.personal_number == "https://id.oidc.se/claim/personalIdentityNumber"
    assert "https://id.oidc.se/scope/naturalPersonNumber" in told.scopes
    other = settings(PROVIDER + 'claims = { personal_number = "pnr" }').citizen_sign_in
    assert other.claims.personal_number == "pnr"


@pytest.mark.parametrize(
    "text",
    [
        f'bind = "0.0.0.0:8177"\n{PROVIDER}',
        f"{PROVIDER}stand_in = true",
        PROVIDER.replace("https:", "http:"),
        PROVIDER.replace("only for tests, and long enough for them", "short"),
        f'{PROVIDER}roles = {{ a = "operator" }}',
    ],
    ids=["in the clear", "a stand-in elsewhere", "no TLS there", "a short secret", "roles"],
)
def test_what_would_let_others_in_is_refused(settings, text):
    """The same conditions as for staff; and citizens have no roles."""
    with pytest.raises(StartRefused, match="citizen_sign_in"):
        settings(text)
