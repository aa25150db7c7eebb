"""Steps of deliveries that are done, in SQL (DOMAIN C5)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from gateway.domain.notation import Json
from gateway.flow.steps import DoneStep
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.tables import delivery_steps


@dataclass(frozen=True, slots=True)
class SqlSteps:
    """What each done step came to; what the methods promise stands in the port."""

    database: Database

    def find(self, delivery: UUID, destination: str, name: str) -> Json | None:
        """Read what a step came to; None when it is not done."""
        with self.database.reading() as connection:
            return _found(connection, delivery, destination, name)

    def keep(self, step: DoneStep) -> Json:
        """Keep what a step came to; gives what was kept first."""
        row = {
            "delivery_id": step.delivery,
            "destination": step.destination,
            "name": step.name,
            "result": step.result,
            "done_at": step.at,
        }
        with self.database.writing() as connection:
            if insert_once(connection, delivery_steps, row):
                return step.result
            first = _found(connection, step.delivery, step.destination, step.name)
        return step.result if first is None else first


def _found(connection: Connection, delivery: UUID, destination: str, name: str) -> Json | None:
    values = {"delivery": delivery, "place": destination, "step": name}
    result: Json | None = connection.scalar(_STEP, values)
    return result


_STEP = select(delivery_steps.c.result).where(
    delivery_steps.c.delivery_id == bindparam("delivery"),
    delivery_steps.c.destination == bindparam("place"),
    delivery_steps.c.name == bindparam("step"),
)
