"""Alerts go to the log, to a webhook and by e-mail, and stop nothing when they cannot."""

import base64
import json
import threading

import pytest
from standardwebhooks import Webhook

from gateway import alerts as module
from gateway.alerts import Alerts, channels_of
from gateway.flow.alarms import Alarm, AlarmKind, Alert
from gateway.loops import running
from gateway.settings.alerts import AlertSettings, MailSettings
from gateway.testing.builders import NOW

SOON = 30.0
SECRET = base64.b64encode(b"a secret for these tests").decode()
FAILING = Alert(Alarm(AlarmKind.FAILING, "norr/a"), began=True, at=NOW, detail="since 09:00")
RECOVERED = Alert(Alarm(AlarmKind.FAILING, "norr/a"), began=False, at=NOW)


def sent(*alerts, **settings):
    """Tell alerts to the channels that are set; when this returns, they are sent or given up."""
    way = Alerts(channels_of(AlertSettings.model_validate(settings)), pause_s=0.01)
    with running(way):
        for alert in alerts:
            way.tell(alert)


def told(lines):
    """Give the lines of the log so far."""
    return [lines.get_nowait() for _ in range(lines.qsize())]


def test_every_alert_is_logged_also_when_nothing_is_set(lines):
    """DOMAIN G2: at the level of a warning when something begins."""
    sent(FAILING, RECOVERED)
    assert [(line["level"], line["event"], line["alert"]) for line in told(lines)] == [
        ("warning", "alert.raised", "destination.failing"),
        ("info", "alert.ended", "destination.recovered"),
    ]


def test_a_webhook_gets_json_that_its_receiver_can_verify(hook, lines):
    """DOMAIN G2: signed like the messages to case systems."""
    sent(FAILING, webhook_url=hook.url, webhook_secret=SECRET)
    headers, body = hook.got.get(timeout=SOON)
    Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
    event = json.loads(body)
    assert (event["type"], event["data"]["destination"]) == ("destination.failing", "norr/a")
    assert event["data"]["began"] is True
    assert event["timestamp"] == NOW.isoformat()


def test_a_webhook_without_a_secret_is_not_signed(hook, lines):
    """DOMAIN G2: for receivers in the same network that verify nothing."""
    sent(FAILING, webhook_url=hook.url)
    headers, _ = hook.got.get(timeout=SOON)
    assert {name for name in headers if "signature" in name} == set()


def test_an_email_says_what_and_where(post, lines):
    """DOMAIN G2: one message, in plain words."""
    mail = {"host": "127.0.0.1", "port": post.port, "starttls": False}
    sent(FAILING, mail=mail | {"sender": "vaxel@example.org", "to": ["drift@example.org"]})
    got = post.got.get(timeout=SOON)
    assert got["Subject"] == "[vaxel] destination.failing: norr/a"
    assert (got["From"], got["To"]) == ("vaxel@example.org", "drift@example.org")
    assert got.get_content().startswith(FAILING.words)


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(post, lines):
    """DESIGN decision 11: nothing goes in the clear that should not."""
    mail = MailSettings(
        host="127.0.0.1", port=post.port, sender="vaxel@example.org", to=("drift@example.org",)
    )
    sent(FAILING, mail=mail.model_dump())
    assert post.got.empty()
    assert told(lines)[-1]["reason"] == "SMTPNotSupportedError"


def test_mail_that_was_taken_is_not_sent_again_whatever_the_server_says_then(post, lines):
    """DOMAIN G2: once for each turn; busy servers say 421 to the last word."""
    post.bye = b"421 closing"
    mail = {"host": "127.0.0.1", "port": post.port, "starttls": False}
    sent(FAILING, mail=mail | {"sender": "vaxel@example.org", "to": ["drift@example.org"]})
    assert post.got.get(timeout=SOON)["Message-ID"].endswith("@example.org>")
    assert post.got.empty()
    assert [line["event"] for line in told(lines)] == ["alert.raised"]


def test_a_webhook_is_tried_again(hook, lines):
    """DOMAIN G2: a receiver that restarts misses nothing, and tells a repeat by its id."""
    hook.statuses = [503]
    way = Alerts(channels_of(AlertSettings.model_validate({"webhook_url": hook.url})), 0.01)
    with running(way):
        way.tell(FAILING)
        ids = {hook.got.get(timeout=SOON)[0]["webhook-id"] for _ in range(2)}
    assert len(ids) == 1
    assert [line["event"] for line in told(lines)] == ["alert.raised"]


def test_a_channel_that_fails_is_told_once_and_the_next_one_goes_on(hook, post, lines):
    """DOMAIN G2, G3: once for each turn, without the words of a stranger's answer."""
    hook.statuses = [500] * module.TRIES
    mail = {"host": "127.0.0.1", "port": post.port, "starttls": False}
    people = {"sender": "vaxel@example.org", "to": ["drift@example.org"]}
    way = Alerts(
        channels_of(
            AlertSettings.model_validate({"webhook_url": hook.url, "mail": mail | people})
        ),
        pause_s=0.01,
    )
    with running(way):
        way.tell(FAILING)
        assert post.got.get(timeout=SOON)
    failed = [line for line in told(lines) if line["event"] == "alert.not_sent"]
    assert [(line["channel"], line["reason"]) for line in failed] == [("webhook", "HTTP 500")]


def test_a_channel_that_hangs_stops_nobody(lines, monkeypatch):
    """DOMAIN G3: what does not fit is in the log, and `tell` returns at once."""
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    hanging = Hanging()
    way = Alerts([hanging])
    with running(way):
        way.tell(FAILING)
        assert hanging.begun.wait(SOON)
        for _ in range(3):
            way.tell(RECOVERED)
        hanging.may_go_on.set()
    reasons = [line["reason"] for line in told(lines) if line["event"] == "alert.not_sent"]
    assert reasons == ["too many wait to be sent"]
    assert hanging.sent == [FAILING, RECOVERED, RECOVERED]


def test_a_channel_that_hangs_holds_up_no_other(hook, lines):
    """DOMAIN G3: each alert goes out by those that are well, while one says nothing."""
    hanging = Hanging()
    others = channels_of(AlertSettings.model_validate({"webhook_url": hook.url}))
    way = Alerts([hanging, *others])
    with running(way):
        for _ in range(3):
            way.tell(FAILING)
        for _ in range(3):
            assert hook.got.get(timeout=SOON)
        hanging.may_go_on.set()
    assert hanging.sent == [FAILING] * 3


def test_a_stop_waits_for_no_more_than_is_being_sent(lines, monkeypatch):
    """DOMAIN G3: what is left by then is told in the log."""
    monkeypatch.setattr(module, "ENDING_S", 0.0)
    hanging = Hanging()
    way = Alerts([hanging])
    with running(way):
        for _ in range(3):
            way.tell(FAILING)
        assert hanging.begun.wait(SOON)
        way.stop()
        hanging.may_go_on.set()
    assert hanging.sent == [FAILING]
    reasons = [line["reason"] for line in told(lines) if line["event"] == "alert.not_sent"]
    assert reasons == ["the gateway stops"] * 2


class Hanging:
    """A channel that hangs until it may go on."""

    name = "hanging"

    def __init__(self):
        self.begun, self.may_go_on, self.sent = threading.Event(), threading.Event(), []

    def send(self, alert, _):
        """Wait, then keep it."""
        self.begun.set()
        assert self.may_go_on.wait(SOON)
        self.sent.append(alert)


def test_secrets_are_not_shown(hook):
    """DESIGN decision 11: neither by the settings, nor by the channels, nor by a fault."""
    settings = AlertSettings.model_validate({"webhook_url": hook.url, "webhook_secret": SECRET})
    assert SECRET not in f"{settings!r} {channels_of(settings)!r}"
    with pytest.raises(ValueError, match="base64 of 24 to 64 random bytes") as refused:
        AlertSettings.model_validate({"webhook_url": hook.url, "webhook_secret": "hunter2"})
    assert "hunter2" not in str(refused.value)
