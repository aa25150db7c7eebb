"""How staff sign in is checked at start, and a stand-in is taken in a demo only (DOMAIN E1)."""

import pytest

from gateway.domain.errors import StartRefused
from gateway.flow.caller import Role
from gateway.settings import FILE, read_settings

PROVIDER = """
[sign_in]
issuer = "https://idp.example.org"
client_id = "vaxel"
client_secret = "the secret that the provider gave"
session_secret = "only for tests, and long enough for them"
"""
STAND_IN = PROVIDER.replace("https://idp.example.org", "http://127.0.0.1:9") + "stand_in = true\n"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Read settings from a text."""
    monkeypatch.chdir(tmp_path)

    def read(text):
        (tmp_path / FILE).write_text(text)
        return read_settings()

    return read


def test_without_sign_in_there_is_none(settings):
    """The pages do not exist where nobody has set up who may see them."""
    assert settings("").sign_in is None


def test_our_roles_are_told_by_their_own_names_unless_others_are_set(settings):
    """The mapping is in the settings (E1)."""
    assert settings(PROVIDER).sign_in.roles["case-receiver"] is Role.CASE_RECEIVER
    other = settings(PROVIDER + 'roles = { "PN" = "committee-staff" }').sign_in
    assert other.roles == {"PN": Role.COMMITTEE_STAFF}


def test_a_stand_in_is_taken_where_nobody_else_can_come(settings):
    """As the demo sets it: both of them at 127.0.0.1."""
    assert settings(STAND_IN).sign_in.stand_in


@pytest.mark.parametrize(
    "top",
    [
        'bind = "127.0.0.1:8177"',
        'bind = "0.0.0.0:8177"\npublic_url = "https://vaxel.example"',
        'bind = "0.0.0.0:8177"\ntls = { certificate = "cert.pem", key = "key.pem" }',
    ],
)
def test_staff_sign_in_where_nobody_hears_them(settings, top):
    """DOMAIN E1: over TLS that ends here or before, or on one machine."""
    assert settings(f"{top}\n{PROVIDER}").sign_in is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PROVIDER.replace("https://", "http://"), "begins with https://"),
        (PROVIDER + "stand_in = true", "leave stand_in out"),
        (STAND_IN.replace("127.0.0.1", "idp.example.org"), "leave stand_in out"),
        (STAND_IN.replace("stand_in = true", ""), "begins with https://"),
        ('public_url = "https://vaxel.example"\n' + STAND_IN, "a demo at 127.0.0.1"),
        ('bind = "0.0.0.0:8177"\n' + STAND_IN, "a demo at 127.0.0.1"),
        ('bind = "0.0.0.0:8177"\n' + PROVIDER, "heard in the clear"),
        (f'bind = "0.0.0.0:1"\npublic_url = "http://vaxel.example"\n{PROVIDER}', "in the clear"),
        (PROVIDER.replace(", and long enough for them", ""), "at least 32"),
        (PROVIDER.replace("the secret that the provider gave", ""), "client_secret is empty"),
        (PROVIDER + 'scopes = ["profile"]', "no openid"),
        (PROVIDER + 'roles = { "x" = "operator" }', "nobody signs in to the pages as operator"),
        (PROVIDER + 'colour = "red"', "Extra inputs"),
    ],
)
def test_what_cannot_work_is_refused_at_start_without_a_secret_in_the_words(settings, text, words):
    """DOMAIN E1: every fault is told with its place, never with a value (CONTRACT, Settings)."""
    with pytest.raises(StartRefused, match=words) as refused:
        settings(text)
    assert "sign_in" in str(refused.value)
    assert "the secret" not in str(refused.value)
