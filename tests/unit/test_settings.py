"""Settings from variables and vaxel.toml: checked whole, told by name, and never shown."""

from pathlib import Path

import pytest

from gateway.domain.errors import StartRefused
from gateway.domain.law import Limits
from gateway.flow.caller import Role
from gateway.settings import FILE, Settings, read_settings

CALLER = """
[[callers]]
hsa_id = "SE5565594230-BCQ"
name = "Platina"
role = "case-system"
keys_sha256 = ["{digest}"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Start in an empty folder, without the variables of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in [f"VAXEL_{field.upper()}" for field in Settings.model_fields]:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_nothing_needs_to_be_set():
    """CONTRACT, Settings: the defaults."""
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/vaxel.sqlite3"
    assert settings.routing_rules == Path("routing_rules")
    assert (settings.host, settings.port) == ("127.0.0.1", 8177)
    assert settings.limits == Limits()


def test_variables_win_over_the_file(folder, monkeypatch):
    """CONTRACT, Settings: `VAXEL_…` or vaxel.toml."""
    _write(folder, 'bind = "127.0.0.1:1"\nname = "fil"\n')
    monkeypatch.setenv("VAXEL_BIND", "127.0.0.1:0")
    settings = read_settings()
    assert (settings.bind, settings.port, settings.name) == ("127.0.0.1:0", 0, "fil")


def test_secrets_of_the_file_and_the_variables_are_put_together(folder, monkeypatch):
    """DESIGN decision 11: a secret need not stand in a file."""
    _write(folder, '[secrets]\nplatina = "in file"\nflexite = "in file"\n')
    monkeypatch.setenv("VAXEL_SECRETS__PLATINA", "in variable")
    secrets = read_settings().secrets
    assert secrets["platina"].get_secret_value() == "in variable"
    assert secrets["flexite"].get_secret_value() == "in file"


def test_callers_are_read_from_the_file(folder):
    """DOMAIN A1, B14: known callers, each with its role."""
    _write(folder, CALLER.format(digest="0" * 64))
    (caller,) = read_settings().callers
    assert (caller.hsa_id, caller.role) == ("SE5565594230-BCQ", Role.CASE_SYSTEM)


def test_lists_in_variables_are_json(monkeypatch):
    """CONTRACT, Settings: everything can be set by variables."""
    monkeypatch.setenv("VAXEL_TRUSTED_PROXIES", '["10.0.0.0/8"]')
    monkeypatch.setenv("VAXEL_MEDIA_TYPES", '["image/png"]')
    settings = read_settings()
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8"]
    assert settings.limits.media_types == {"image/png"}


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("VAXEL_DATABSE_URL", "; did you mean VAXEL_DATABASE_URL?"),
        ("VAXEL_ROUTING_RULE", "; did you mean VAXEL_ROUTING_RULES?"),
        ("vaxel_bnd", "; did you mean VAXEL_BIND?"),
        ("VAXEL_QQQQ", ""),
    ],
)
def test_an_unknown_variable_is_refused_with_a_guess(monkeypatch, misspelt, meant):
    """CONTRACT, Settings: a misspelt setting must not be ignored."""
    monkeypatch.setenv(misspelt, "x")
    with pytest.raises(StartRefused) as refused:
        read_settings()
    assert str(refused.value) == f"settings: {misspelt} is no setting{meant}"


def test_an_unknown_key_in_the_file_is_refused(folder):
    """CONTRACT, Settings: the file is checked as strictly."""
    _write(folder, 'nmae = "x"\n')
    with pytest.raises(StartRefused, match="settings: nmae: Extra inputs are not permitted"):
        read_settings()


def test_every_fault_is_told_at_once(monkeypatch):
    """DOMAIN G5: one command tells what is wrong."""
    monkeypatch.setenv("VAXEL_BND", "x")
    monkeypatch.setenv("VAXEL_BIND", "everywhere")
    monkeypatch.setenv("VAXEL_ATTACHMENTS", "many")
    monkeypatch.setenv("VAXEL_HSA_ID", "SE5560000000-VAXEL ")
    with pytest.raises(StartRefused) as refused:
        read_settings()
    places = [line.split(":")[1].split()[0] for line in str(refused.value).splitlines()]
    assert sorted(places) == ["VAXEL_BND", "attachments", "bind", "hsa_id"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LARGEST_REQUEST", "65535"),
        ("ATTACHMENT_BYTES", "104857601"),
        ("ATTACHMENTS", "-1"),
        ("MALWARE_SCAN", "clamd"),
        ("MALWARE_SCAN", "tcp://clamd:3310"),
        ("WAITING_LIMIT", "0"),
        ("BIND", "localhost"),
    ],
)
def test_a_value_that_could_not_work_is_refused(monkeypatch, name, value):
    """DOMAIN G5: refuse to start rather than fail later."""
    monkeypatch.setenv(f"VAXEL_{name}", value)
    with pytest.raises(StartRefused, match=f"settings: {name.lower()}: "):
        read_settings()


def test_a_variable_that_is_no_json_is_told_by_its_name(monkeypatch):
    """DOMAIN G5: it is the variable and not the file that is wrong."""
    monkeypatch.setenv("VAXEL_CALLERS", "hunter2")
    with pytest.raises(StartRefused, match=r'settings: .*"callers".*written as JSON') as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_told_by_its_place(folder):
    """DOMAIN G5: file, line and column."""
    _write(folder, "bind =\n")
    with pytest.raises(StartRefused, match=rf"{FILE}: .*line 1, column 7"):
        read_settings()


def test_an_api_key_in_the_place_of_its_digest_is_not_shown(folder):
    """DESIGN decision 11: no fault shows a value."""
    _write(folder, CALLER.format(digest="hunter2"))
    with pytest.raises(StartRefused, match=r"settings: callers\.0\.keys_sha256\.0: ") as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


def test_secrets_are_not_shown(monkeypatch):
    """DESIGN decision 11: the database's password is a secret too."""
    monkeypatch.setenv("VAXEL_DATABASE_URL", "postgresql://vaxel:hunter2@localhost/vaxel")
    monkeypatch.setenv("VAXEL_SECRETS__PLATINA", "hunter2")
    settings = read_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_tls_and_tokens_are_read_from_the_file(folder):
    """Issue 4.8: certificates and issuers are named in tables of their own."""
    tls = '[tls]\ncertificate = "c.pem"\nkey = "k.pem"\nclient_ca = "ca.pem"\n'
    _write(folder, f'{tls}[oauth]\nissuer = "https://i.example"\naudience = "v"\njwks = "j.json"')
    settings = read_settings()
    assert settings.tls is not None
    assert settings.oauth is not None
    assert (settings.tls.client_ca, settings.oauth.jwks) == (Path("ca.pem"), "j.json")


def test_the_names_of_headers_are_compared_in_lower_case(monkeypatch):
    """INTEROP §2.5: the headers of the proxy that there is."""
    monkeypatch.setenv("VAXEL_CERTIFICATE_HEADERS", '["Client-Cert"]')
    assert read_settings().certificate_headers == ("client-cert",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[tls]\ncertificate = "c.pem"\n', "tls.key"),
        ('[oauth]\nissuer = "i"\naudience = "v"\njwks = "http://i.example"\n', "oauth.jwks"),
        ('[oauth]\nissuer = "i"\naudience = "v"\njwks = "https://[x"\n', "oauth.jwks"),
        ('[oauth]\nissuer = ""\naudience = "v"\njwks = "j"\n', "oauth.issuer"),
        ('certificate_headers = ["client cert"]', "certificate_headers.0"),
    ],
)
def test_what_would_open_a_door_by_mistake_is_refused(folder, text, place):
    """DOMAIN G5: keys never come over a connection that anybody can change."""
    _write(folder, text)
    with pytest.raises(StartRefused, match=f"settings: {place}: "):
        read_settings()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "http://127.0.0.1:8177"),
        ('[tls]\ncertificate = "c.pem"\nkey = "k.pem"\n', "https://127.0.0.1:8177"),
        ('public_url = "https://vaxel.example/a"', "https://vaxel.example/a"),
    ],
)
def test_others_are_told_where_the_gateway_is(folder, text, address):
    """DOMAIN B12: the start of every address in the catalogue."""
    _write(folder, text)
    assert read_settings().address == address


@pytest.mark.parametrize(
    "url", ["vaxel.example", "https://vaxel.example/", "https://å.example", "https://x/?a=b", ""]
)
def test_an_address_that_no_catalogue_takes_is_refused(monkeypatch, url):
    """INTEROP §3.2: letters, digits and a few signs; and paths are added to it."""
    monkeypatch.setenv("VAXEL_PUBLIC_URL", url)
    with pytest.raises(StartRefused, match=r"settings: public_url: "):
        read_settings()


def test_two_callers_are_never_the_same_client(folder):
    """Issue 4.8: a token tells one caller."""
    one = CALLER.format(digest="0" * 64) + 'oauth_client = "synergi"\n'
    other = one.replace("BCQ", "BCR").replace("0" * 64, "1" * 64)
    _write(folder, one + other)
    with pytest.raises(StartRefused, match="same oauth_client"):
        read_settings()


def _write(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")
