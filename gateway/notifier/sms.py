"""Notices by text message, through the webhook of whoever sends those for us."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import httpx
from standardwebhooks import Webhook

from gateway.domain.outcome import Delivered, Outcome, outcome_of_status
from gateway.flow.notices import Citizen
from gateway.notifier.outcome import NotReached, broken_off
from gateway.notifier.words import short_text


@dataclass(frozen=True, slots=True)
class Sms:
    """
    Posts the number and the text, as Standard Webhooks describes it; a repeat has the same id.

    `http` has its time-outs and its trust.
    """

    http: httpx.Client
    url: str
    link: str
    secret: str | None = field(default=None, repr=False)
    name: str = "sms"

    def send(self, notice: UUID, citizen: Citizen) -> Outcome | NotReached:
        """Post once."""
        if citizen.phone is None:
            return NotReached("no phone number was given")
        now = datetime.now(UTC)
        data = {"to": citizen.phone, "text": short_text(self.link)}
        body = json.dumps({"type": "notice", "timestamp": now.isoformat(), "data": data})
        try:
            answer = self.http.post(
                self.url, content=body, headers=self._headers(notice, now, body)
            )
        except httpx.HTTPError as error:
            return broken_off(error)
        if answer.is_success:
            return Delivered()
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def _headers(self, notice: UUID, now: datetime, body: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "webhook-id": str(notice),
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self.secret is not None:
            headers["webhook-signature"] = Webhook(self.secret).sign(str(notice), now, body)
        return headers
