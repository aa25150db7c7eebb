"""The table of destinations: whether each is called, behind the fence `version` of its breaker."""

from sqlalchemy import Column, Integer, String, Table, Text

from gateway.store.moment import Moment
from gateway.store.tables import metadata

destination_states = Table(
    "destination_states",
    metadata,
    Column("destination", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("next_at", Moment),
    Column("allowed", Integer),
    Column("paused_at", Moment),
    Column("paused_by", String),
    Column("pause_reason", Text),
    sqlite_with_rowid=False,
)
