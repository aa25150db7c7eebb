"""Alerts go to the log, to a webhook and by e-mail, and stop nothing when they cannot."""

import base64
import json
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from standardwebhooks import Webhook

from gateway.alerts import Channel, bringers, channels_of
from gateway.alerts.bringer import PATIENCE, Bringer
from gateway.flow.alarms import Alarm, AlarmKind, Seen
from gateway.loops import running
from gateway.settings.alerts import AlertSettings, MailSettings
from gateway.testing.builders import NOW, make_alert
from gateway.testing.memory import MemoryStore

SOON = 30.0
SECRET = base64.b64encode(b"a secret for these tests").decode()
FAILING = make_alert(Alarm(AlarmKind.FAILING, "norr/a"), detail="since 09:00")
RECOVERED = make_alert(FAILING.alarm, began=False)


@dataclass
class Node:
    """One that has told some alerts, and brings them by its channels when it is asked to."""

    channels: list[Channel]
    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = NOW

    def __post_init__(self):
        outbox = self.store.alert_outbox
        self.ways = [Bringer(outbox, channel, lambda: self.now) for channel in self.channels]

    def tell(self, *alerts):
        """Put alerts into the outbox, as a lookout does."""
        names = [channel.name for channel in self.channels]
        for alert in alerts:
            if alert.began:
                self.store.alarms.begin(alert, Seen("node-1", alert.at), names)
            else:
                self.store.alarms.end(alert, names)

    def bring(self):
        """Bring what is due, by one channel after the other."""
        for way in self.ways:
            while way.step():
                pass


def node_with(**settings):
    """Give a node with the channels that are set."""
    return Node(channels_of(AlertSettings.model_validate(settings)))


def sent(*alerts, **settings):
    """Tell alerts to the channels that are set, and bring them."""
    node = node_with(**settings)
    node.tell(*alerts)
    node.bring()


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


def test_an_address_that_is_refused_for_good_costs_the_others_nothing(post, lines):
    """DOMAIN G2: it is asked for once, and told by its place: addresses are personal data."""
    post.refuses = {b"slutat@example.org": [b"550 5.1.1 slutat is unknown"] * 3}
    node = by_mail(post, "drift@example.org", "slutat@example.org", "jour@example.org")
    node.tell(FAILING)
    for minute in range(3):
        node.now = NOW + timedelta(minutes=minute)
        node.bring()
    got = sorted(post.got.get_nowait()["To"] for _ in range(post.got.qsize()))
    assert got == ["drift@example.org", "jour@example.org"]
    assert len(post.refuses[b"slutat@example.org"]) == 2
    raised, failed = told(lines)
    assert (raised["event"], failed["event"]) == ("alert.raised", "alert.not_sent")
    assert failed["channel"] == "e-mail 2"
    assert failed["reason"] == "the mail server answers 550 to the address"


def test_an_address_that_is_not_taken_now_gets_the_alert_later_and_the_others_once(post, lines):
    """DOMAIN G2: a server that makes strangers wait (greylisting) takes some at once."""
    post.refuses = {b"jour@example.org": [b"450 4.2.0 come back"]}
    node = by_mail(post, "drift@example.org", "jour@example.org", "drift@example.org")
    node.tell(FAILING)
    for minute in range(3):
        node.now = NOW + timedelta(minutes=minute)
        node.bring()
    got = [post.got.get_nowait()["To"] for _ in range(post.got.qsize())]
    assert got == ["drift@example.org", "jour@example.org"]
    assert [line["event"] for line in told(lines)][1:] == ["alerts.failing", "alerts.recovered"]


def test_a_server_that_does_not_know_us_is_no_reason_to_give_up(post, lines):
    """DOMAIN G2: a relay that is set wrong refuses everybody, and is mended some day."""
    post.refuses = {b"jour@example.org": [b"554 5.7.1 relay access denied", b"550 5.7.1 no"]}
    node = by_mail(post, "jour@example.org")
    node.tell(FAILING)
    for minute in range(4):
        node.now = NOW + timedelta(minutes=minute)
        node.bring()
    assert post.got.get_nowait()["To"] == "jour@example.org"
    assert "alert.not_sent" not in [line["event"] for line in told(lines)]


def by_mail(post, *people):
    """Make a node that sends to people by that mail server."""
    server = {"host": "127.0.0.1", "port": post.port, "starttls": False}
    return node_with(mail=server | {"sender": "vaxel@example.org", "to": people})


def test_a_webhook_that_was_away_gets_all_in_the_end(hook, lines):
    """DOMAIN G2: in their order, and it tells a repeat by its id; the log does not wait for it."""
    hook.statuses = [503] * 4
    node = node_with(webhook_url=hook.url)
    node.tell(FAILING)
    for second in range(16):
        node.now = NOW + timedelta(seconds=second)
        if second == 8:
            node.tell(replace(RECOVERED, at=node.now))
        node.bring()
    came = [hook.got.get_nowait()[0]["webhook-id"] for _ in range(hook.got.qsize())]
    assert came == [*[str(FAILING.id)] * 5, str(RECOVERED.id)]
    assert [(line["event"], line.get("reason")) for line in told(lines)] == [
        ("alert.raised", None),
        ("alerts.failing", "HTTP 503"),
        ("alert.ended", None),
        ("alerts.recovered", None),
    ]


def test_another_node_brings_what_one_could_not(hook, lines):
    """DOMAIN G2: the outbox outlives who told it."""
    hook.statuses = [500]
    node = node_with(webhook_url=hook.url)
    node.tell(FAILING)
    node.bring()
    other = Node(node.channels, node.store, NOW + timedelta(minutes=5))
    other.bring()
    assert {hook.got.get_nowait()[0]["webhook-id"] for _ in range(2)} == {str(FAILING.id)}
    assert [line["event"] for line in told(lines)] == ["alert.raised", "alerts.failing"]


def test_a_channel_that_fails_is_told_once_and_the_next_one_goes_on(hook, post, lines):
    """DOMAIN G2, G3: without the words of a stranger's answer."""
    hook.statuses = [500] * 3
    mail = {"host": "127.0.0.1", "port": post.port, "starttls": False}
    people = {"sender": "vaxel@example.org", "to": ["drift@example.org"]}
    node = node_with(webhook_url=hook.url, mail=mail | people)
    node.tell(FAILING)
    for minute in range(3):
        node.now = NOW + timedelta(minutes=minute)
        node.bring()
    assert (hook.got.qsize(), post.got.qsize()) == (3, 1)
    failing = [line for line in told(lines) if line["event"] == "alerts.failing"]
    assert [(line["channel"], line["reason"]) for line in failing] == [("webhook", "HTTP 500")]


def test_a_channel_that_takes_nothing_is_left_alone_however_much_waits_for_it(hook, lines):
    """DOMAIN G2: a log-in that fails each second is locked; all is brought when it is well."""
    hook.statuses = [500] * 7
    node = node_with(webhook_url=hook.url)
    alarms = [Alarm(AlarmKind.PARKED, "norr/a", str(group)) for group in range(100)]
    node.tell(*map(make_alert, alarms))
    for second in range(120):
        node.now = NOW + timedelta(seconds=second)
        node.bring()
    assert hook.got.qsize() == 7
    node.now += timedelta(minutes=5)
    node.bring()
    assert len({hook.got.get_nowait()[0]["webhook-id"] for _ in range(107)}) == 100


def test_what_no_channel_has_brought_for_a_week_is_given_up(hook, lines):
    """DOMAIN G2: nobody is helped by it any more; the log says so."""
    hook.statuses = [500]
    node = node_with(webhook_url=hook.url)
    node.tell(FAILING)
    node.bring()
    *_, expiry = bringers([], node.store.alert_outbox, lambda: node.now)
    for passed in (PATIENCE, PATIENCE + timedelta(seconds=1)):
        node.now = NOW + passed
        expiry.step()
    given_up = [line for line in told(lines) if line["event"] == "alert.not_sent"]
    assert [(line["channel"], line["alert"]) for line in given_up] == [
        ("webhook", "destination.failing")
    ]
    node.bring()
    assert hook.got.qsize() == 1


def test_a_channel_that_hangs_holds_up_no_other(hook, lines):
    """DOMAIN G3: each alert goes out by those that are well, while one says nothing."""
    hanging = Hanging()
    node = Node([hanging, *channels_of(AlertSettings.model_validate({"webhook_url": hook.url}))])
    node.tell(FAILING, RECOVERED)
    with running(*bringers(node.channels, node.store.alert_outbox, lambda: NOW)):
        for _ in range(2):
            assert hook.got.get(timeout=SOON)
        hanging.may_go_on.set()
    assert hanging.sent[0] == FAILING


class Hanging:
    """A channel that hangs until it may go on."""

    name = "hanging"

    def __init__(self):
        self.may_go_on, self.sent = threading.Event(), []

    def send(self, alert):
        """Wait, then keep it."""
        assert self.may_go_on.wait(SOON)
        self.sent.append(alert)


def test_secrets_are_not_shown(hook):
    """DESIGN decision 11: neither by the settings, nor by the channels, nor by a fault."""
    settings = AlertSettings.model_validate({"webhook_url": hook.url, "webhook_secret": SECRET})
    assert SECRET not in f"{settings!r} {channels_of(settings)!r}"
    with pytest.raises(ValueError, match="base64 of 24 to 64 random bytes") as refused:
        AlertSettings.model_validate({"webhook_url": hook.url, "webhook_secret": "hunter2"})
    assert "hunter2" not in str(refused.value)
