"""External case systems with a REST door: posts signed JSON, as Standard Webhooks describes it."""

import codecs
import json
from datetime import UTC, datetime
from typing import ClassVar

import httpx
from pydantic import BaseModel, Field, ValidationError
from standardwebhooks import Webhook

from gateway.adapter import (
    Can,
    Delivered,
    HttpsSettings,
    Message,
    Outcome,
    SigningSecret,
    Tools,
    Unclear,
    WebAddress,
    message_to_json,
    nothing_sent,
    outcome_of_status,
)


class RestSettings(HttpsSettings):
    """How a REST destination is reached."""

    url: WebAddress = Field(description="Where cases are posted.")
    signing_secret: SigningSecret = Field(
        description="Shared with the receiver, who verifies the header webhook-signature with it: "
        "base64 of 24 to 64 random bytes, with or without whsec_ before it."
    )


class Rest:
    """
    Posts the case as JSON to one address.

    The receiver must tell repeats by the header webhook-id: it is the same on every attempt, and
    an attempt whose answer was lost is made again (DOMAIN C6).
    """

    can: ClassVar[Can] = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = RestSettings

    def __init__(self, settings: RestSettings, tools: Tools) -> None:
        self._url = httpx.URL(str(settings.url))
        self._webhook = Webhook(settings.signing_secret.get_secret_value())
        self._http = tools.http

    def deliver(self, message: Message) -> Outcome:
        """Post once; the answer may be {"externalCaseId": "…"}."""
        body = json.dumps(message_to_json(message))
        try:
            answer = self._http.post(
                self._url, content=body, headers=self._headers(message.message_id, body)
            )
        except _NOTHING_SENT as error:
            return nothing_sent(error)
        except httpx.DecodingError as error:
            # The lent client's own words: what was broken off, and why.
            return Unclear(f"sent, and the answer cannot be read: {error}")
        except httpx.HTTPError as error:
            return Unclear(f"sent, and no answer came: {type(error).__name__}")
        if answer.status_code in _TAKEN:
            return _outcome_of_receipt(answer)
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))

    def _headers(self, message_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, body),
        }


# Another success, such as 207, is none that was agreed on, and falls to the status table.
_TAKEN = frozenset({200, 201, 202, 204})
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class _Receipt(BaseModel):
    case_id: object = Field(default=None, alias="externalCaseId")


def _outcome_of_receipt(answer: httpx.Response) -> Outcome:
    """
    Believe a success only in the agreed form.

    A login page or a proxy's greeting is also a 200, and a case believed delivered there is lost.
    """
    # Some systems put a byte order mark before their JSON; RFC 8259 §8.1 lets us pass over it.
    content = answer.content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        return Delivered()
    try:
        receipt = _Receipt.model_validate_json(content)
    except ValidationError:
        return Unclear(f"HTTP {answer.status_code}: the answer is no JSON object")
    return Delivered(_case_id(receipt.case_id))


def _case_id(told: object) -> str | None:
    """Read a text or a number; any other id is left out, since they have the case all the same."""
    text = str(told).strip() if isinstance(told, str | int) else ""
    return text if 1 <= len(text) <= _LONGEST_ID and text.isprintable() else None


# As long as externalCaseId in our own contracts.
_LONGEST_ID = 256
