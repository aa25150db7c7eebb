"""Delivers cases to a Diarium: reserves a number, then uploads under it."""

import json
from typing import ClassVar

import httpx
from pydantic import BaseModel, Field, ValidationError

from gateway.adapter import (
    AdapterSettings,
    Can,
    Delivered,
    Json,
    Message,
    Outcome,
    SecretStr,
    Tools,
    TryLater,
    Unavailable,
    Unclear,
    WebAddress,
    message_to_json,
    outcome_of_status,
)

NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class DiariumSettings(AdapterSettings):
    """How a Diarium is reached."""

    url: WebAddress = Field(description="Where its numbers and documents are.")
    api_key: SecretStr = Field(description="What it knows us by.")


class Diarium:
    """
    Reserves a number and uploads the case under it.

    It takes a repeat for something new. So the number is saved before the upload, and before
    anything is sent again it is asked what it has.
    """

    can: ClassVar[Can] = Can(recognises_repeats=False)
    Settings: ClassVar[type[BaseModel]] = DiariumSettings

    def __init__(self, settings: DiariumSettings, tools: Tools) -> None:
        self._url = str(settings.url).rstrip("/")
        self._api_key = settings.api_key
        self._http = tools.http
        self._steps = tools.steps

    def deliver(self, message: Message) -> Outcome:
        """Go on where the last attempt ended, and tell what came of it."""
        try:
            reserved = self._steps.once(message, "reserve", lambda: self._reserve(message))
            number = str(reserved["number"])
            body = json.dumps(message_to_json(message))
            answer = self._call("PUT", f"/documents/{number}", content=body)
        except NotReserved as error:
            return error.outcome
        except NOTHING_SENT as error:
            return TryLater(f"nothing was sent: {type(error).__name__}")
        except httpx.HTTPError as error:
            return Unclear(f"sent, and no answer came: {type(error).__name__}")
        if answer.status_code == 204:
            return Delivered(number)
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))

    def find(self, message: Message) -> Delivered | None:
        """Ask whether it has the message."""
        try:
            answer = self._call("GET", "/documents", params={"messageId": message.message_id})
            found = Found.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPError, ValidationError) as error:
            raise Unavailable(f"it does not tell: {type(error).__name__}") from None
        return Delivered(found.numbers[0]) if found.numbers else None

    def _reserve(self, message: Message) -> Json:
        answer = self._call("POST", "/numbers", content=json.dumps({"id": message.message_id}))
        if answer.status_code != 201:
            asked = answer.headers.get("Retry-After")
            raise NotReserved(outcome_of_status(answer.status_code, asked))
        try:
            return Reserved.model_validate_json(answer.content).model_dump()
        except ValidationError:
            raise NotReserved(Unclear("HTTP 201: the answer has no number")) from None

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: str | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        headers = {
            "Content-Type": "application/json",
            "X-API-Key": self._api_key.get_secret_value(),
        }
        return self._http.request(
            method, self._url + path, content=content, params=params, headers=headers
        )


class NotReserved(Exception):
    """There is no number, and this is what that means for the message."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Reserved(BaseModel):
    """The answer to a reservation."""

    number: str


class Found(BaseModel):
    """The answer to a search."""

    numbers: list[str]
