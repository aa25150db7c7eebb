"""
A stand-in for a vendor's case system that speaks REST, built from the contract alone.

It takes signed cases at any address, and answers them by itself over the gateway's REST API. The
API key and the secret for signatures come from the environment.
"""

import base64
import os
from collections.abc import Mapping
from email.message import Message as Headers
from functools import partial
from typing import Any

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.demo.case_server import Answer, Dialect, Given, as_json, given, run
from gateway.demo.desk import Came, Desk, Posted, Reply
from gateway.demo.trust import context
from gateway.domain.registration import Registration, registration_to_json

KEY_VARIABLE = "DEMO_SYSTEM_KEY"
SECRET_VARIABLE = "DEMO_SYSTEM_SECRET"  # noqa: S105 (the name of a variable)

# Later it may work: the key is not known yet, or we are too fast.
_AGAIN = frozenset({401, 408, 425, 429})


def main() -> None:
    """Take cases and answer them until told to stop."""
    told = given("gateway.demo.rest_system", __doc__)
    desk = told.desk()
    run(told, desk, dialect(desk, told, os.environ))


def dialect(desk: Desk, told: Given, keys: Mapping[str, str]) -> Dialect:
    """Speak REST in both directions."""
    webhook = Webhook(keys[SECRET_VARIABLE])
    headers = {"X-API-Key": keys[KEY_VARIABLE]}
    http = httpx.Client(headers=headers, verify=context(), timeout=10, trust_env=False)
    return Dialect(
        take=partial(_take, desk, webhook),
        busy=partial(as_json, 503, {"detail": "not open yet"}),
        post=partial(_post, http, f"{told.gateway_url}/api/v1/case-messages"),
        register=partial(_register, http, f"{told.gateway_url}/api/v1/registered-cases"),
    )


def _take(desk: Desk, webhook: Webhook, headers: Headers, body: bytes) -> Answer:
    try:
        message = webhook.verify(body, dict(headers.items()))
    except (WebhookVerificationError, ValueError):
        return as_json(401, {"detail": "the signature is not yours"})
    try:
        case_id = _keep(desk, headers["webhook-id"], message)
    except (KeyError, TypeError, ValueError) as error:
        return as_json(422, {"detail": f"not as agreed: {type(error).__name__}"})
    return as_json(201, {"externalCaseId": case_id})


def _keep(desk: Desk, message_id: str, message: Any) -> str:  # any JSON
    """Keep a message; raises KeyError, TypeError or ValueError when something is missing in it."""
    case, added = message["case"], message.get("supplement", {}).get("attachments", ())
    for attachment in (*case.get("attachments", ()), *added):
        base64.b64decode(attachment["content"], validate=True)
    return desk.take(
        Came(
            message_id,
            message["caseEvent"],
            message["caseNumber"],
            message.get("forwardedTo") or case["receiver"]["hsaId"],
            case["kind"],
            case["description"],
            files=len(added),
        )
    )


def _post(http: httpx.Client, url: str, reply: Reply) -> Posted:
    try:
        answer = http.post(url, json=_as_json(reply))
    except httpx.HTTPError:
        return Posted.AGAIN
    if answer.is_success:
        return Posted.ACCEPTED
    refused = 400 <= answer.status_code < 500 and answer.status_code not in _AGAIN
    return Posted.REFUSED if refused else Posted.AGAIN


def _register(http: httpx.Client, url: str, registration: Registration) -> str | None:
    try:
        answer = http.post(url, json=registration_to_json(registration)).raise_for_status()
    except httpx.HTTPError:
        return None
    number: str = answer.json()["caseNumber"]
    return number


def _as_json(reply: Reply) -> dict[str, object]:
    told: dict[str, object] = {
        "messageId": reply.message_id,
        "messageKind": reply.kind,
        "sentTime": reply.sent_at.isoformat(),
        "caseNumber": reply.case_number,
        "externalCaseId": reply.external_case_id,
    }
    if reply.text:
        told["text"] = reply.text
    if reply.forward_to:
        told["forwardTo"] = reply.forward_to
    if reply.allows_files:
        told["attachmentsAllowed"] = True
    if reply.letter:
        content = base64.b64encode(reply.letter).decode()
        told["attachments"] = [
            {"fileName": "svar.txt", "mediaType": "text/plain", "content": content}
        ]
    return told


if __name__ == "__main__":
    main()
