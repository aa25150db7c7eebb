"""A stand-in of the national inbox: knows its members, takes messages, and has moods (D5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message as EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from gateway.testing.foreign import Answer, Arrival, ForeignSystem, Mood


@dataclass(frozen=True, slots=True)
class Put:
    """What was put in somebody's inbox; the same thread again is a repeat."""

    thread: str
    person: str = field(repr=False)
    sender: str
    title: str
    text: str
    link: str | None


class NationalInbox(ForeignSystem):
    """
    Answers IsActiveUser and AddMessageToPatientPortalInbox over RIV-TA BP 2.1 (INTEROP §5.1).

    `members` are those that use the portal. `asked` and `put` are what came, repeats as well.
    """

    logical_address = "SE5560000000-PORTAL"

    def __init__(self, contracts: Path, *members: str) -> None:
        self._schemas = {one: _schema(contracts, one) for one in (_ACTIVE, _ADD)}
        self.members = set(members)
        self.asked: list[str] = []
        self.put: list[Put] = []
        super().__init__()

    @property
    def settings(self) -> Mapping[str, object]:
        """Its address."""
        url = f"http://127.0.0.1:{self.port}/patientportal"
        return {"url": url, "logical_address": self.logical_address}

    def call(self, method: str, path: str, headers: EmailMessage, body: bytes) -> Answer | None:
        """Answer who is a member, or take a message."""
        if _ACTIVE.encode() not in body or self.mood is not Mood.WELL:
            return self.answer(headers, body)
        try:
            person = self._checked(_ACTIVE, headers, body).findtext("{*}subjectOfCareId", "")
        except ValueError as error:
            return self.refusal(str(error))
        self.asked.append(person)
        status = "true" if person in self.members else "false"
        return _answer(_ACTIVE, f"<r:status>{status}</r:status>")

    def read(self, headers: EmailMessage, body: bytes) -> Arrival:
        """Check the address, the action and the schema, then keep it."""
        if _ACTIVE.encode() in body:
            return Arrival("asked", "", _ACTIVE)
        asked = self._checked(_ADD, headers, body)
        message = asked.find("{*}message")
        assert message is not None  # noqa: S101 the schema has seen it
        put = Put(
            thread=message.findtext("{*}messageThreadId", ""),
            person=asked.findtext("{*}subjectOfCareId", ""),
            sender=message.findtext("{*}organisationUnit/{*}unitName", ""),
            title=message.findtext("{*}messageDescription", ""),
            text=message.findtext("{*}messageText", ""),
            link=message.findtext("{*}ssoLink/{*}systemId"),
        )
        with self._lock:
            self.put.append(put)
        return Arrival(put.thread, "", _ADD)

    def receipt(self, arrival: Arrival) -> Answer:
        """OK, in the thread that was named."""
        thread = f"<r:messageThreadId>{escape(arrival.message_id)}</r:messageThreadId>"
        return _answer(_ADD, f"{thread}<r:resultCode>OK</r:resultCode>")

    def busy(self) -> Answer:
        """503."""
        return Answer(503, b"", "text/plain")

    def refusal(self, why: str) -> Answer:
        """A fault of whoever called, with words about what came."""
        fault = f"<faultcode>s:Client</faultcode><faultstring>{escape(why)}</faultstring>"
        return _soap(500, f"<s:Fault>{fault}</s:Fault>")

    def _checked(self, name: str, headers: EmailMessage, body: bytes) -> etree._Element:
        envelope = etree.fromstring(body)
        if envelope.findtext("{*}Header/{*}LogicalAddress") != self.logical_address:
            raise ValueError("the logical address is not ours")
        asked = envelope.find(f"{{*}}Body/{{{_DOMAIN}:{name}Responder:1}}{name}")
        action = f'"{_DOMAIN}:{name}Responder:1:{name}"'
        if asked is None or headers["SOAPAction"] != action:
            raise ValueError(f"no {name}")
        with self._lock:
            if not self._schemas[name].validate(asked):
                raise ValueError(str(self._schemas[name].error_log))
        return asked


_ACTIVE, _ADD = "IsActiveUser", "AddMessageToPatientPortalInbox"
_DOMAIN = "urn:riv:infrastructure:eservicesupply:patientportal"


def _schema(contracts: Path, name: str) -> etree.XMLSchema:
    file = contracts / f"interactions/{name}Interaction/{name}Responder_1.0.xsd"
    return etree.XMLSchema(etree.parse(file))


def _answer(name: str, inside: str) -> Answer:
    namespace = f"{_DOMAIN}:{name}Responder:1"
    return _soap(200, f'<r:{name}Response xmlns:r="{namespace}">{inside}</r:{name}Response>')


def _soap(status: int, inside: str) -> Answer:
    envelope = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<s:Body>{inside}</s:Body></s:Envelope>"
    )
    return Answer(status, envelope.encode(), "text/xml; charset=utf-8")
