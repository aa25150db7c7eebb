"""Dispose of ended cases when their time is over: content goes, a proof stays (DOMAIN E4)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gateway.domain.case import Kind
from gateway.domain.keeping import Hold
from gateway.domain.retention import due_at, ended_before
from gateway.domain.routing import RouteTable
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.timeline import Entry, Step

# How many are read at a time; each case is disposed of in a transaction of its own.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Ended:
    """A case that has ended; `undelivered` while a delivery of it is not done."""

    id: UUID
    number: str
    region: str
    kind: Kind
    ended_at: datetime
    hold: Hold | None
    undelivered: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The cases of a kind in a region that ended before an instant."""

    region: str
    kind: Kind
    before: datetime

    def holds(self, case: Ended) -> bool:
        """Tell whether a case is one of these."""
        return (case.region, case.kind) == (self.region, self.kind) and case.ended_at < self.before


@dataclass(frozen=True, slots=True)
class Due:
    """A case whose time is over: since when, and by which rule of its region."""

    case: Ended
    since: datetime
    rule: str

    @property
    def stopped_by(self) -> str | None:
        """Tell what keeps it from disposal, if anything does."""
        if self.case.hold is not None:
            return f"legal hold by {self.case.hold.by}: {self.case.hold.reason}"
        return "a delivery of it is not done" if self.case.undelivered else None


@dataclass(frozen=True, slots=True)
class Disposing:
    """Why, by whom and when a case is disposed of, if it still is within the scope."""

    scope: Scope
    rule: str
    by: str
    at: datetime

    def allows(self, case: Ended) -> bool:
        """Tell whether the case may go, now that it is locked."""
        return self.scope.holds(case) and case.hold is None and not case.undelivered

    def entry(self, case: Ended, removed: Mapping[str, int]) -> Entry:
        """Give the last entry of the timeline; `removed` counts what goes, by sort."""
        details: dict[str, str | int | None] = {"rule": self.rule}
        details |= {"endedAt": case.ended_at.isoformat(), **removed}
        return Entry(Step.CASE_DISPOSED, self.at, self.by, details)


@dataclass(frozen=True, slots=True)
class Disposal:
    """
    The proof that a case was disposed of, without anything personal.

    `timeline_hash` is of the last of its `timeline_entries`, which stay with the case's number.
    """

    number: str
    region: str
    kind: Kind
    ended_at: datetime
    disposed_at: datetime
    rule: str
    by: str
    timeline_entries: int
    timeline_hash: str


class Retentions(Protocol):
    """What is kept of ended cases; each method is one transaction."""

    def ended(self, scope: Scope, after: Ended | None, limit: int) -> list[Ended]:
        """Read a page of the cases in a scope, the one that ended first first."""
        ...

    def dispose(self, number: str, disposing: Disposing) -> Disposal | None:
        """
        Remove content and identity, keep the proof: all at once, or nothing.

        None when the case may not go now, or is not there any more.
        """
        ...

    def disposals(self, after: str | None, limit: int) -> list[Disposal]:
        """Read a page of the proofs in the order of their numbers; `after` is one."""
        ...

    def wipe(self) -> bool:
        """
        Leave nothing in the database's own file of what was disposed of; False for not yet.

        A server of databases does so by itself, in its own time.
        """
        ...


@dataclass(frozen=True, slots=True)
class Retaining:
    """The verbs of those who see to it that nothing is kept too long, nor too short."""

    table: Callable[[], RouteTable]
    retentions: Retentions
    clock: Callable[[], datetime]

    def due(self, caller: Caller) -> Iterator[Due]:
        """List what is due now, region by region; a dry run of `dispose`."""
        require_verb(caller, Verb.DISPOSE)
        return (due for due, _ in self._due(self.clock()))

    def dispose(self, caller: Caller) -> Iterator[tuple[Due, Disposal | None]]:
        """
        Dispose of all that is due, one case after the other; None for one that is kept.

        Whoever stops in the middle, or is killed there, begins again where it ended.
        """
        require_verb(caller, Verb.DISPOSE)
        now = self.clock()
        for due, scope in self._due(now):
            disposing = Disposing(scope, due.rule, caller.acts_as, now)
            yield due, self.retentions.dispose(due.case.number, disposing)

    def disposals(self, caller: Caller, after: str | None, limit: int) -> list[Disposal]:
        """Read a page of the proofs."""
        require_verb(caller, Verb.DISPOSE)
        return self.retentions.disposals(after, limit)

    def wipe(self, caller: Caller) -> bool:
        """Leave nothing in an SQLite file of what was disposed of; False for not yet."""
        require_verb(caller, Verb.DISPOSE)
        return self.retentions.wipe()

    def _due(self, now: datetime) -> Iterator[tuple[Due, Scope]]:
        table = self.table()
        for region in sorted(table.regions.values(), key=lambda one: one.key):
            for kind in Kind:
                months = region.retention.months(kind)
                if months is None:
                    continue
                scope = Scope(region.key, kind, ended_before(now, months))
                rule = f"{kind.value} {months} months, routes {table.version}"
                for case in self._ended(scope):
                    yield Due(case, due_at(case.ended_at, months), rule), scope

    def _ended(self, scope: Scope) -> Iterator[Ended]:
        last: Ended | None = None
        while page := self.retentions.ended(scope, last, _PAGE):
            yield from page
            last = page[-1]
