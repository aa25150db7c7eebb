"""
The plain way to the same work: a synchronous FastAPI endpoint, zeep both ways, an ORM session.

It checks what our door checks and leaves what our store leaves, the way that these libraries
suggest it: the message is checked by its schema and read into objects, the unit's route and an
earlier case of the same id are looked up, and the case, its event, its place in the outbox, the
first line of its timeline and the citizen's confirmation are committed before zeep writes the
answer. The database is used as these libraries come, which is durable: PostgreSQL, or SQLite with
its rollback journal and, when PEER_WAL is set, with WAL as our own store has it.
"""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import Body, FastAPI, Response
from lxml import etree
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from zeep import helpers

from bench.peer import NAMESPACE, SOAP, Messages, durable
from bench.processes import UNIT
from gateway.app.gateway import CONTRACTS

_SCHEMA = CONTRACTS / "interactions/ProcessCaseInteraction/ProcessCaseResponder_1.0.xsd"
_as_dict: Any = helpers.serialize_object  # zeep has no types


class Base(DeclarativeBase):
    """The tables."""


class UnitRow(Base):
    """Where a unit's cases go."""

    __tablename__ = "units"

    hsa_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    destination: Mapped[str]


class CaseRow(Base):
    """A case."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("sender", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    case_id: Mapped[str]
    submitter: Mapped[str] = mapped_column(index=True)
    unit: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="SUBMITTED")
    received_at: Mapped[datetime]
    events: Mapped[list["EventRow"]] = relationship()
    deliveries: Mapped[list["DeliveryRow"]] = relationship()
    timeline: Mapped[list["TimelineRow"]] = relationship()
    messages: Mapped[list["MessageRow"]] = relationship()


class _OfCase:
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)


class EventRow(_OfCase, Base):
    """What was sent in."""

    __tablename__ = "case_events"

    content: Mapped[str]


class DeliveryRow(_OfCase, Base):
    """What a worker would send."""

    __tablename__ = "outbox"

    destination: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="WAITING", index=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class TimelineRow(_OfCase, Base):
    """What happened."""

    __tablename__ = "timeline"

    at: Mapped[datetime]
    step: Mapped[str]


class MessageRow(_OfCase, Base):
    """What the citizen reads."""

    __tablename__ = "inbox_messages"

    sent_at: Mapped[datetime]
    text: Mapped[str]


def make_peer(database_url: str, *, wal: bool) -> FastAPI:
    """Make the endpoint on a database."""
    engine = create_engine(database_url)
    if wal:
        event.listen(engine, "connect", durable)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add(UnitRow(hsa_id=UNIT, name="Enheten", destination="inkorg"))
    messages = Messages()
    answered = messages.client.get_element(f"{{{NAMESPACE}}}ProcessCaseResponse")
    schema = etree.XMLSchema(etree.parse(_SCHEMA))
    app = FastAPI()

    @app.post("/soap")
    def process_case(body: bytes = Body(media_type="text/xml")) -> Response:
        found = messages.found(body)
        schema.assertValid(found)
        message = messages.read(found)
        with Session(engine) as session, session.begin():
            row = _kept(session, message.case)
            number, received_at = row.number, row.received_at
        result = {"resultCode": "OK", "logId": str(uuid4())}
        value = answered(result=result, caseNumber=number, receivedTime=received_at)
        reply = etree.Element(f"{{{SOAP}}}Envelope")
        answered.render(etree.SubElement(reply, f"{{{SOAP}}}Body"), value)
        return Response(etree.tostring(reply), media_type="text/xml")

    return app


def _kept(session: Session, case: Any) -> CaseRow:  # zeep has no types
    sender = "SE5560000000-ESERVICE"
    unit = session.scalars(select(UnitRow).where(UnitRow.hsa_id == case.receiver.hsaId)).one()
    same = (CaseRow.sender == sender, CaseRow.case_id == case.caseId)
    before = session.scalars(select(CaseRow).where(*same)).one_or_none()
    if before:
        return before
    now = datetime.now(UTC)
    content = json.dumps(_as_dict(case), default=str)
    row = CaseRow(
        number=f"PEER-{uuid4()}",
        sender=sender,
        case_id=case.caseId,
        submitter=case.submitter.personId.number,
        unit=unit.hsa_id,
        received_at=now,
        events=[EventRow(content=content)],
        deliveries=[DeliveryRow(destination=unit.destination, due_at=now)],
        timeline=[TimelineRow(at=now, step="case.accepted")],
        messages=[MessageRow(sent_at=now, text=f"{unit.name} has got your case.")],
    )
    session.add(row)
    return row


if __name__ == "__main__":
    uvicorn.run(
        make_peer(os.environ["PEER_DATABASE"], wal="PEER_WAL" in os.environ),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
    )
