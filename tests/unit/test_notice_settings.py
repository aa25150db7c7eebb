"""What can be set of notices, and what is refused at start."""

import pytest
from pydantic import ValidationError

from gateway.settings.notices import NoticeSettings

LINK = "https://inkorg.example/"
INBOX = {"url": "https://portal.example/", "logical_address": "SE5560000000-PORTAL"}
SMS = {"url": "https://sms.example/"}


def settings(**told):
    return NoticeSettings.model_validate(told)


def test_without_a_way_nothing_is_sent():
    """DOMAIN D5: where configured, and else none."""
    assert not settings().are_sent
    assert not settings(link=LINK).are_sent
    assert settings(link=LINK, sms=SMS).are_sent


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"sms": SMS}, "link is not set"),
        ({"link": LINK, "national_inbox": INBOX | {"sender_id": "SE1"}}, "for plain http"),
        (
            {"link": LINK, "national_inbox": INBOX | {"active_user_url": "http://a.example/"}},
            "are both https",
        ),
        ({"link": LINK, "sms": SMS | {"secret": "short"}}, "secret"),
        ({"link": LINK, "rate_per_s": 0}, "greater than 0"),
        ({"link": LINK, "national_inbox": INBOX | {"sender": "x"}}, "Extra inputs"),
    ],
)
def test_what_cannot_work_is_refused(told, words):
    """DOMAIN G5: at start, in words that say what to do."""
    with pytest.raises(ValidationError, match=words):
        settings(**told)
