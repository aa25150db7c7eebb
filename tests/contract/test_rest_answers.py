"""What a REST system answers, and what it means."""

import base64

import httpx
import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook

from adapters.rest import Rest, RestSettings
from gateway.adapter import Delivered, Refused, Tools, TryLater, Unclear
from gateway.testing.adapter_contract import CONTRACTS
from gateway.testing.contract_messages import submitted
from gateway.testing.dialects import RestSystem
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.testing.patience import PATIENT
from gateway.wire import lent_client

SETTINGS = {"url": "http://system.test/cases", "signing_secret": RestSystem.secret}


def deliver(answer):
    """Deliver to a system that answers so, or through a network that fails so."""
    http = lent_client(PATIENT, lambda _: httpx.MockTransport(answer))
    tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), "SE5560000000-VAXEL")
    return Rest(RestSettings.model_validate(SETTINGS), tools).deliver(submitted())


def outcome_of(status, content=b"", **headers):
    return deliver(lambda _: httpx.Response(status, content=content, headers=headers))


class Asked:
    """A system that remembers how it was asked."""

    def __call__(self, request):
        self.headers, self.body = request.headers, request.read()
        return httpx.Response(200)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_without_a_word_is_delivered(status):
    """CONTRACT, Adapters: Delivered(remote_id), when they said."""
    assert outcome_of(status) == Delivered()


@pytest.mark.parametrize(
    ("body", "case_id"),
    [
        (b'{"externalCaseId": "A-1"}', "A-1"),
        (b'\xef\xbb\xbf{"externalCaseId": "A-1"}', "A-1"),
        (b"\xef\xbb\xbf", None),
        (b'{"externalCaseId": 4711, "more": true}', "4711"),
        (b'{"externalCaseId": " A-1 "}', "A-1"),
        (b"{}", None),
        (b'{"externalCaseId": null}', None),
        (b'{"externalCaseId": ""}', None),
        (b'{"externalCaseId": ["A-1"]}', None),
        (b'{"externalCaseId": "a\\nb"}', None),
        (b'{"externalCaseId": "%s"}' % (b"x" * 257), None),
    ],
)
def test_their_id_of_the_case_is_kept_when_it_can_be_one(body, case_id):
    """DOMAIN D2: they may name the case by it later."""
    assert outcome_of(200, body) == Delivered(case_id)


@pytest.mark.parametrize(
    "body", [b"<html>Log in</html>", b"[]", b"null", b'"ok"', b'{"a":', b"[" * 9999, b"\xff"]
)
def test_a_success_in_another_form_than_agreed_proves_nothing(body):
    """DOMAIN C1: a log-in page is a 200 too, and a case believed delivered there is lost."""
    assert outcome_of(200, body) == Unclear("HTTP 200: the answer is no JSON object")


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        (TryLater, (301, 302, 307, 401, 403, 404, 405, 408, 425, 429, 501, 503)),
        (Refused, (400, 409, 410, 413, 415, 422)),
        (Unclear, (206, 207, 500, 502, 504, 599)),
    ],
)
def test_every_other_status_has_its_meaning(kind, statuses):
    """DOMAIN C2, C4, C6: patience, a human, or doubt."""
    assert {type(outcome_of(status, b"personal")) for status in statuses} == {kind}


def test_they_can_ask_us_to_wait():
    """RFC 9110 §10.2.3."""
    outcome = outcome_of(503, **{"Retry-After": "90"})
    assert isinstance(outcome, TryLater)
    assert outcome.after == 90


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError, TryLater),
        (httpx.ConnectTimeout, TryLater),
        (httpx.PoolTimeout, TryLater),
        (httpx.ReadTimeout, Unclear),
        (httpx.ReadError, Unclear),
        (httpx.WriteTimeout, Unclear),
        (httpx.WriteError, Unclear),
        (httpx.RemoteProtocolError, Unclear),
    ],
)
def test_a_broken_connection_is_unclear_unless_nothing_was_sent(error, kind):
    """DOMAIN C6."""

    def fail(request):
        raise error("191212121212 in the words of an error")

    outcome = deliver(fail)
    assert isinstance(outcome, kind)
    assert outcome.reason.endswith(error.__name__)


def test_an_answer_that_the_wire_broke_off_is_told_as_one():
    """DOMAIN C6, C4: whoever looks must not search the network for an answer that came."""

    def fail(request):
        raise httpx.DecodingError("it is compressed")

    outcome = deliver(fail)
    assert outcome == Unclear("sent, and the answer cannot be read: it is compressed")


def test_what_is_sent_is_signed_and_named_by_the_message():
    """Standard Webhooks; the Idempotency-Key is the same, for receivers that know that one."""
    asked = Asked()
    deliver(asked)
    sent = Webhook(RestSystem.secret).verify(asked.body, dict(asked.headers))
    ids = {sent["messageId"], asked.headers["webhook-id"], asked.headers["Idempotency-Key"]}
    assert ids == {"m-1"}
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_", "whsec_c2hvcnQ=", "å" * 40, "A" * 99])
def test_a_secret_that_receivers_would_not_take_is_refused(secret):
    """Standard Webhooks: 24 to 64 random bytes, in base64."""
    with pytest.raises(ValidationError, match="24 to 64 random bytes"):
        RestSettings.model_validate(SETTINGS | {"signing_secret": secret})


@pytest.mark.parametrize("size", [24, 25, 32, 40, 64])
def test_a_secret_of_any_length_that_receivers_take_is_taken(size):
    """Standard Webhooks: 24 to 64 random bytes, in base64 with its own padding."""
    secret = "whsec_" + base64.b64encode(bytes(range(size))).decode()
    settings = RestSettings.model_validate(SETTINGS | {"signing_secret": secret})
    assert settings.signing_secret.get_secret_value() == secret
