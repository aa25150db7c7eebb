"""THE PLUG: what an adapter author can rely on."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import get_args

import pytest
from pydantic import ValidationError

from gateway import adapter
from gateway.adapter import (
    AdapterSettings,
    Can,
    Delivered,
    HsaIdText,
    Outcome,
    Refused,
    SecretStr,
    TryLater,
    Unclear,
    WebAddress,
    outcome_of_status,
)

# What adapters out there already import.
PLUG = {
    "Adapter", "AdapterSettings", "Can", "Tools", "UnitInbox", "SecretStr",
    "Outcome", "Delivered", "Refused", "TryLater", "Unclear",
    "Message", "Case", "CaseEvent", "Supplement", "Attachment", "Content",
    "case_to_json", "message_to_json", "supplement_to_json",
}  # fmt: skip


class Settings(AdapterSettings):
    """As an author writes them."""

    url: WebAddress
    password: SecretStr
    hsa_id: HsaIdText


GOOD = {"url": "https://p.test/", "password": "hunter2", "hsa_id": "SE5565594230-BCQ"}
STATUSES = {
    TryLater: [300, 301, 308, 401, 403, 404, 405, 407, 408, 421, 425, 429, 501, 503],
    Refused: [400, 406, 409, 410, 413, 415, 418, 422, 451],
    Unclear: [500, 502, 504, 599],
}


def test_the_plug_keeps_every_name_it_has_promised():
    """CONTRACT, Adapters: names that others build against; add freely, rename never."""
    assert set(adapter.__all__) >= PLUG
    assert all(hasattr(adapter, name) for name in adapter.__all__)


def test_there_are_four_outcomes():
    """DESIGN decision 2: four outcomes, not exceptions."""
    assert {outcome.__name__ for outcome in get_args(Outcome)} == {
        "Delivered", "Refused", "TryLater", "Unclear",
    }  # fmt: skip


@pytest.mark.parametrize("outcome", get_args(Outcome), ids=lambda outcome: outcome.__name__)
def test_an_outcome_is_a_value_that_cannot_be_changed_later(outcome):
    """DESIGN decision 2: outcomes are values, compared and kept as they are."""
    made = outcome("as they said")
    assert made == outcome("as they said")
    with pytest.raises(AttributeError):
        setattr(made, fields(made)[0].name, "otherwise")


def test_an_id_and_a_wait_are_told_only_when_they_said():
    """CONTRACT, Adapters: remote_id and after are optional."""
    assert Delivered() == Delivered(remote_id=None)
    assert TryLater("busy") == TryLater("busy", after=None)


def test_a_system_takes_attachments_unless_its_adapter_says_no():
    """DOMAIN A10, D4."""
    assert Can(recognises_repeats=True) == Can(recognises_repeats=True, attachments=True)


def test_an_unknown_setting_is_an_error():
    """DOMAIN B10: a bad table is refused; a misspelt key must not be ignored."""
    with pytest.raises(ValidationError, match=r"pasword\n  Extra inputs are not permitted"):
        Settings.model_validate(GOOD | {"pasword": "x"})


def test_a_secret_is_shown_nowhere():
    """DESIGN decision 11: neither in repr nor in text nor in JSON."""
    settings = Settings.model_validate(GOOD)
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hunter2" not in shown
    assert settings.password.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    "changes",
    [
        {"password": {"hunter2": "hunter2"}},
        {"url": "https://vaxel:hunter2@p.test/"},
        {"url": "hunter2"},
        {"hsa_id": "hunter2 "},
    ],
)
def test_what_is_wrong_is_told_without_showing_what_was_written(changes):
    """DESIGN decision 11: a secret may stand in the wrong place."""
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(GOOD | changes)
    assert "hunter2" not in str(refused.value)


def test_settings_cannot_be_changed_while_adapters_run():
    """DESIGN decision 7: a change of settings is a new table."""
    settings = Settings.model_validate(GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        settings.hsa_id = "SE5565594230-XXX"  # type: ignore[misc] # that it cannot be is shown


@pytest.mark.parametrize(
    ("kind", "status"), [(kind, status) for kind in STATUSES for status in STATUSES[kind]]
)
def test_an_http_status_says_whether_to_try_again_give_up_or_ask_a_human(kind, status):
    """DOMAIN C6; DESIGN decision 2: a fault of theirs after taking it is unclear."""
    outcome = outcome_of_status(status)
    assert type(outcome) is kind
    assert outcome.reason.startswith(f"HTTP {status}: ")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), (" 0 ", 0.0), ("", None), (None, None), ("soon", None), ("-1", None)],
)
def test_a_wait_that_they_ask_for_is_told_when_it_can_be_read(header, seconds):
    """RFC 9110 §10.2.3: Retry-After in seconds."""
    outcome = outcome_of_status(503, header)
    assert isinstance(outcome, TryLater)
    assert outcome.after == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_a_wait_may_be_told_as_a_date(zone):
    """RFC 9110 §10.2.3: Retry-After as a date; one that is past asks for no wait."""
    past = outcome_of_status(429, f"Mon, 02 Mar 2020 12:00:00 {zone}")
    far = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    future = outcome_of_status(429, far.replace("GMT", zone))
    assert isinstance(past, TryLater)
    assert isinstance(future, TryLater)
    assert past.after == 0
    assert future.after == pytest.approx(3600, abs=60)
