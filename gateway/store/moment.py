"""A point in time as a column: in UTC both in and out, and sorted as moments are."""

from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.types import TypeEngine


class Moment(TypeDecorator[datetime]):
    """
    A point in time, in UTC both in and out.

    SQLite has no such type: there it is text of a fixed width, which sorts as the moments do.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Give the type that the database has for it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | str | None:
        """Write a moment; one without a time zone is a fault of ours and raises."""
        if value is None:
            return None
        return sortable(value) if dialect.name == "sqlite" else _zoned(value)

    def process_result_value(
        self, value: datetime | str | None, dialect: Dialect
    ) -> datetime | None:
        """Read a moment."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


def sortable(moment: datetime) -> str:
    """Write a moment as text; one without a time zone is a fault of ours and raises."""
    # Where clocks are set back, two moments an hour apart are equal but for their fold.
    return _written(moment, moment.fold)


# The parts of a case were received in the same moment, which is written once and not six times.
@lru_cache(maxsize=64)
def _written(moment: datetime, _fold: int) -> str:
    return _zoned(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be kept; use UTC")
    return moment
