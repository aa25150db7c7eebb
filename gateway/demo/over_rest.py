"""The e-service at the REST door: plain JSON over httpx."""

import httpx

from gateway.demo.api import pages
from gateway.demo.sending import Again, Answer, Read, Receipt, Refused, Unread
from gateway.domain.case import Case, Supplement
from gateway.domain.notation import Json, case_to_json, supplement_to_json
from gateway.domain.person import PersonId


class RestSender:
    """Calls the API with a client that is known by its key."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def submit(self, case: Case) -> Answer:
        """Send a case; its id is the key of the request."""
        return self._post("/cases", case_to_json(case), case.case_id)

    def supplement(self, number: str, message_id: str, supplement: Supplement) -> Answer:
        """Send what the citizen adds to a case."""
        path = f"/cases/{number}/supplements"
        return self._post(path, supplement_to_json(supplement), message_id)

    def inbox(self, person: PersonId) -> list[Read]:
        """Read the inbox page by page, and fetch every file in it."""
        citizen = {"X-Citizen-Id-Oid": person.oid, "X-Citizen-Id": person.number}
        try:
            messages = list(pages(self._http, "/inbox-messages", citizen))
            return [self._read(message, citizen) for message in messages]
        except httpx.HTTPError as error:
            raise Unread(type(error).__name__) from error

    def _post(self, path: str, body: Json, key: str) -> Answer:
        try:
            answer = self._http.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            return Again(type(error).__name__)
        if answer.status_code in (200, 201):
            return Receipt(answer.json()["caseNumber"])
        if answer.status_code == 429 or answer.status_code >= 500:
            return Again(f"HTTP {answer.status_code}")
        return Refused(answer.json()["type"].rpartition(":")[2])

    def _read(self, message: Json, citizen: dict[str, str]) -> Read:
        place = f"/inbox-messages/{message['messageId']}/attachments"
        files = [
            self._http.get(f"{place}/{file['number']}", headers=citizen).raise_for_status().content
            for file in message.get("attachments", ())
        ]
        opened = sum(1 for content in files if content)
        return Read(message["messageId"], message["caseNumber"], message["messageKind"], opened)
