"""What the summaries of closed cases cost, and where they are counted, in both databases."""

import re

from sqlalchemy import text

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.domain.statistics import Counter
from gateway.flow.retention import Disposing, Scope
from gateway.store import statistics
from gateway.testing.builders import NOW, UNIT
from gateway.testing.store_contract.acts import accept, change, close, deliver_one

pytest_plugins = ["gateway.testing.postgres"]

# As many rows as the largest provider has in three years, with those of others around them.
FILL = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29999)
        INSERT INTO statistics_summary SELECT {row} FROM n""",
    "postgresql": """
        INSERT INTO statistics_summary SELECT {row} FROM generate_series(0, 29999) AS n(i)""",
}
ROW = (
    "'AGE', '/r' || (i % 20), '202' || (i % 3) || '-0' || (1 + i % 9), 'u' || i, "
    "'COMPLAINT', 'CARE', '0-9', 7"
)


def test_a_year_is_read_by_its_key_and_never_by_scanning(store, url):
    """DOMAIN F2: however many cases there are; neither cases nor facts are looked at."""
    dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
    with store.database.writing() as connection:
        connection.execute(text(FILL[dialect].format(row=ROW)))
        connection.execute(text("ANALYZE statistics_summary"))
    plan = _plan(store, "EXPLAIN QUERY PLAN" if dialect == "sqlite" else "EXPLAIN")
    assert "statistics_summary" in plan
    assert not re.search("Seq Scan|SCAN|cases_|statistics_facts", plan), plan
    assert re.search("statistics_summary_pk|PRIMARY KEY", plan), plan


def test_a_case_is_counted_where_its_unit_is_by_the_routes(store):
    """DOMAIN F2: its provider is that of the routes when it is closed."""
    provider = HsaId("SE2321000016-0001").key
    placed = store.placed_by(lambda unit: ("norr", provider, unit.key))
    change(placed, accept(placed).number, close())
    [one] = store.statistics.counted(Counter.CASES, [("norr", provider)], 2026)
    assert (one.area, one.cases) == (("norr", provider, UNIT.key), 1)


def test_no_fact_is_left_of_a_case_that_was_disposed_of(store):
    """DOMAIN E4, F2: unit, kind and months beside each other would lead to it."""
    new = accept(store)
    change(store, new.number, close())
    deliver_one(store)
    years = NOW.replace(year=2030)
    disposing = Disposing(Scope("norr", Kind.COMPLAINT, years), "24 months", "op", years)
    assert store.retentions.dispose(new.number, disposing)
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT * FROM statistics_facts")).all() == []
        counted = connection.execute(text("SELECT * FROM statistics_summary")).all()
    told = {str(value) for row in counted for value in row}
    assert told
    assert not told & {new.number, str(new.id), new.case.case_id, "191212121212"}
    assert not [value for value in told if re.search(r"\d{4}-\d\d-\d\d|1912\d", value)]


def _plan(store, explain):
    with store.database.reading() as connection:
        values = {"counter": "AGE", "areas": ["-", "/r3"], "first": "2021-01", "last": "2021-12"}
        wanted = statistics.COUNTED.params(**values)
        literal = wanted.compile(connection, compile_kwargs={"literal_binds": True})
        return str(connection.execute(text(f"{explain} {literal}")).all())
