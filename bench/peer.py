"""
The plain way: a synchronous FastAPI endpoint, zeep for the message, an ORM session for the row.

It does what such an endpoint does and no more: reads the message into objects, takes the same
fields, and commits one row with the same durability (WAL, synchronous FULL) before it answers.
"""

import os
import sys
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import Body, FastAPI, Response
from sqlalchemy import create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from zeep import Client
from zeep.loader import parse_xml

from gateway.app.gateway import CONTRACTS

NAMESPACE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
WSDL = CONTRACTS / "interactions/ProcessCaseInteraction/ProcessCaseInteraction_1.0_RIVTABP21.wsdl"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


# zeep has no types.
_parse: Any = parse_xml
_client: Any = Client


class Base(DeclarativeBase):
    """The plain peer's tables."""


class CaseRow(Base):
    """A case as one row."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(unique=True)
    unit: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="WAITING", index=True)
    received_at: Mapped[datetime]
    body: Mapped[bytes]


class Messages:
    """The contract as zeep knows it."""

    def __init__(self) -> None:
        """Read the WSDL."""
        self.client = _client(str(WSDL))
        self._asked = self.client.get_element(f"{{{NAMESPACE}}}ProcessCase")

    def found(self, body: bytes) -> Any:
        """Find what was sent in its envelope."""
        envelope = _parse(body, transport=None, settings=self.client.settings)
        return envelope.find(f"{{{SOAP}}}Body/{{{NAMESPACE}}}ProcessCase")

    def read(self, found: Any) -> Any:
        """Read it into zeep's objects."""
        return self._asked.parse(found, self.client.wsdl.types)


def make_peer(database_url: str) -> FastAPI:
    """Make the endpoint on a database."""
    engine = create_engine(database_url)
    event.listen(engine, "connect", durable)
    Base.metadata.create_all(engine)
    messages = Messages()
    app = FastAPI()

    @app.post("/soap")
    def process_case(body: bytes = Body(media_type="text/xml")) -> Response:
        message = messages.read(messages.found(body))
        unit, case_id = message.case.receiver.hsaId, message.case.caseId
        row = CaseRow(case_id=case_id, unit=unit, received_at=datetime.now(UTC), body=body)
        with Session(engine) as session, session.begin():
            session.add(row)
            session.flush()
            number = f"PEER-{row.id}"
        return Response(f"<caseNumber>{number}</caseNumber>", media_type="text/xml")

    return app


def durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Make SQLite keep what is committed through a loss of power, as our own store does."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


if __name__ == "__main__":
    uvicorn.run(
        make_peer(os.environ["PEER_DATABASE"]),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
    )
