"""What may be set about metrics and alerts, and what is refused at start."""

import base64
from pathlib import Path

import pytest

from gateway.domain.errors import StartRefused
from gateway.settings import FILE, Settings, read_settings
from gateway.settings.alerts import AlertSettings, MailSettings

PAGE = (Path(__file__).parents[2] / "docs/guide/settings.md").read_text()
SECRET = base64.b64encode(b"a secret for these tests").decode()
MAIL = 'host = "smtp.example.org"\nsender = "vaxel@example.org"\nto = ["drift@example.org"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Start in an empty folder, without the variables of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in [f"VAXEL_{field.upper()}" for field in Settings.model_fields]:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_nothing_needs_to_be_set():
    """CONTRACT, Settings: the log has every alert, a monitor on the same machine all metrics."""
    settings = read_settings()
    assert (settings.metrics_bind, settings.alerts) == (None, AlertSettings())
    assert [str(network) for network in settings.metrics_peers] == ["127.0.0.1/32", "::1/128"]


def test_a_file_with_everything_is_read(folder, monkeypatch):
    """docs/guide/settings.md: a secret need not stand in the file."""
    url = 'webhook_url = "https://larm.example.org/vaxel"'
    (folder / FILE).write_text(f"[alerts]\nreceipt_within_days = 3\n{url}\n[alerts.mail]\n{MAIL}")
    monkeypatch.setenv("VAXEL_ALERTS__WEBHOOK_SECRET", SECRET)
    alerts = read_settings().alerts
    assert (alerts.receipt_within_days, str(alerts.webhook_url)) == (3, url.split('"')[1])
    assert alerts.webhook_secret is not None
    assert alerts.webhook_secret.get_secret_value() == SECRET
    assert alerts.mail == MailSettings(
        host="smtp.example.org", sender="vaxel@example.org", to=("drift@example.org",)
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('webhook_secret = "c2VjcmV0"', r"alerts\.webhook_secret: .*24 to 64 random bytes"),
        (f'webhook_secret = "{SECRET}"', "webhook_url, which is not set"),
        ("delivered_within_s = 0", r"alerts\.delivered_within_s: .*greater than 0"),
        ("delivered_within_s = inf", r"alerts\.delivered_within_s: .*less than or equal"),
        ("receipt_within_days = 1e6", r"alerts\.receipt_within_days: .*less than or equal"),
        (
            f'[alerts.mail]\n{MAIL}username = "v"\npassword = "{SECRET}"\nstarttls = false',
            "only over TLS",
        ),
        (f'[alerts.mail]\n{MAIL}username = "v"', "go together"),
        (f'[alerts.mail]\n{MAIL}username = "v"\npassword = "ö{SECRET}"', "use ASCII"),
        ('[alerts.mail]\nhost = ""\nsender = "v@a.org"\nto = ["v@a.org"]', "mail.host"),
        ('[alerts.mail]\nhost = "a"\nsender = "växel@a.org"\nto = ["v@a.org"]', "mail.sender"),
        ('[alerts.mail]\nhost = "a"\nsender = "v<x@a.org"\nto = ["v@a.org"]', "mail.sender"),
        ('[alerts.mail]\nhost = "a"\nsender = "vaxel"\nto = []', r"alerts\.mail\.sender"),
    ],
)
def test_what_could_not_work_is_refused(folder, text, fault):
    """DOMAIN G5: refuse to start rather than fail when something happens."""
    (folder / FILE).write_text(f"[alerts]\n{text}\n")
    with pytest.raises(StartRefused, match=fault) as refused:
        read_settings()
    assert SECRET not in str(refused.value)


def test_a_place_for_metrics_must_have_a_port(monkeypatch):
    """DOMAIN G5: told by its name."""
    monkeypatch.setenv("VAXEL_METRICS_BIND", "127.0.0.1:99999")
    with pytest.raises(StartRefused, match=r"settings: metrics_bind: .*at most 65535"):
        read_settings()


@pytest.mark.parametrize("key", sorted(AlertSettings.model_fields.keys() - {"mail"}))
def test_every_key_of_the_alerts_is_documented(key):
    """A setting that nobody can find is no setting."""
    assert f"| `{key}` |" in PAGE


@pytest.mark.parametrize("key", MailSettings.model_fields)
def test_every_key_of_the_mail_is_documented(key):
    """A setting that nobody can find is no setting."""
    assert f"`mail.{key}`" in PAGE
