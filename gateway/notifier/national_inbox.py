"""Notices in the national inbox: asked whether the citizen is there, then put (INTEROP §5.1)."""

import re
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

import httpx
from lxml import etree

from gateway.domain.outcome import Delivered, Outcome, Refused, TryLater, Unclear
from gateway.flow.notices import Citizen
from gateway.notifier.envelope import Parts, answered, envelope, namespace_of
from gateway.notifier.outcome import NotReached, broken_off
from gateway.notifier.words import TITLE, long_text

ADD_MESSAGE, IS_ACTIVE_USER = "AddMessageToPatientPortalInbox", "IsActiveUser"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a notice is from, whom the calls are addressed to, and what they say of us."""

    unit_id: str
    unit_name: str
    logical_address: str
    source_system: str | None = None
    link_system: str | None = None
    original_consumer: str | None = None
    sender_id: str | None = None


@dataclass(frozen=True, slots=True)
class NationalInbox:
    """
    Calls IsActiveUser, and AddMessageToPatientPortalInbox for who is one.

    The contract has no id of a message: a repeat has the same thread, and the same correlation id.
    `http` has its time-outs and its trust.
    """

    http: httpx.Client
    url: str
    active_user_url: str
    sender: Sender
    link: str
    name: str = "national-inbox"

    def send(self, notice: UUID, citizen: Citizen) -> Outcome | NotReached:
        """Put a notice once; who does not use the portal is not reached."""
        person = citizen.person_id.number
        if not _PERSON.fullmatch(person):
            return NotReached("the portal knows no such identity")
        active = self._is_active(notice, person)
        if not isinstance(active, bool):
            return active
        if not active:
            return NotReached("the citizen does not use the portal")
        return self._put(notice, person)

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def _is_active(self, notice: UUID, person: str) -> bool | Refused | TryLater | Unclear:
        parts: Parts = {"subjectOfCareId": person}
        answer = self._called(IS_ACTIVE_USER, self.active_user_url, notice, parts)
        match answer:
            case Refused() | TryLater():
                return answer
            case Unclear(reason):
                # Nothing is changed by asking, so it may be asked again at once.
                return TryLater(reason)
            case etree._Element():
                status = (_told(answer, IS_ACTIVE_USER, "status") or "").strip()
                if status in _BOOLEANS:
                    return _BOOLEANS[status]
                return Unclear("the IsActiveUserResponse has no status")
            case _ as never:
                assert_never(never)

    def _put(self, notice: UUID, person: str) -> Outcome:
        answer = self._called(ADD_MESSAGE, self.url, notice, self._message(notice, person))
        if not isinstance(answer, etree._Element):
            return answer
        match (_told(answer, ADD_MESSAGE, "resultCode") or "").strip():
            case "OK" | "INFO":
                return Delivered()
            case "ERROR":
                # Its words are for the citizen and may be about them; ERROR means: not done.
                return TryLater("it answered ERROR")
            case _:
                return Unclear("the answer has no resultCode of the contract")

    def _called(
        self, interaction: str, url: str, notice: UUID, parts: Parts
    ) -> etree._Element | Refused | TryLater | Unclear:
        body = envelope(interaction, self.sender.logical_address, parts)
        try:
            answer = self.http.post(url, content=body, headers=self._headers(interaction, notice))
        except httpx.HTTPError as error:
            return broken_off(error)
        return answered(answer, interaction)

    def _headers(self, interaction: str, notice: UUID) -> dict[str, str]:
        headers = {
            "Content-Type": "text/xml;charset=UTF-8",
            "SOAPAction": f'"{namespace_of(interaction)}:{interaction}"',
            "x-skltp-correlation-id": str(notice),
            "x-rivta-original-serviceconsumer-hsaid": self.sender.original_consumer,
            "x-vp-sender-id": self.sender.sender_id,
        }
        return {name: value for name, value in headers.items() if value is not None}

    def _message(self, notice: UUID, person: str) -> Parts:
        sender, system = self.sender, self.sender.link_system
        link: Parts | None = None
        if system:
            link = {"systemId": system, "text": "Läs meddelandet", "type": "CurrentTarget"}
        return {
            "subjectOfCareId": person,
            "message": {
                "organisationUnit": {"unitId": sender.unit_id, "unitName": sender.unit_name},
                "messageThreadId": str(notice),
                "messageDescription": TITLE,
                "messageText": long_text(self.link),
                "ssoLink": link,
            },
            # Who wants the portal to tell the citizen as well must say who pays.
            "notify": "true" if sender.source_system else None,
            "sourceSystem": sender.source_system,
        }


def _told(answer: etree._Element, interaction: str, name: str) -> str | None:
    return answer.findtext(f"{{{namespace_of(interaction)}}}{name}")


_PERSON = re.compile("[0-9]{8}[0-9pPtTfF][0-9]{3}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
