"""Change the route table: propose, compare with what is live, publish, bring back (DOMAIN B10)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.publication import Files, Overtaken, Publication
from gateway.domain.routing import Routed, RouteTable, Unrouted
from gateway.flow.caller import Caller, Role, require
from gateway.flow.publications import Publications
from gateway.routes.difference import Difference, OpenCases, difference, file_changes
from gateway.routes.draft import Draft
from gateway.routes.finding import Finding
from gateway.routes.live import Build, Live, LiveTable
from gateway.routes.rights import check_files, check_rights

# Files that shall be different; None takes one away. All others stay as they are.
Edits = Mapping[str, bytes | None]

_LONGEST_WAIT_S = 5.0

READERS = (Role.NATIONAL, Role.INTEGRATOR, Role.AUDITOR, Role.OPERATOR)
EDITORS = (Role.NATIONAL, Role.INTEGRATOR)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published, checked, and what would be different."""

    based_on: Publication
    files: Files
    table: RouteTable
    difference: Difference
    restores: int | None = None


@dataclass(frozen=True, slots=True)
class Publishing:
    """The verbs of those who edit routes; each raises Refusal with every fault."""

    live: LiveTable
    publications: Publications
    open_cases: Callable[[], OpenCases]
    clock: Callable[[], datetime]
    _checking: Lock = field(default_factory=Lock, repr=False, compare=False)

    def explain(
        self, address: HsaId, kind: Kind, receiver: ReceiverType | None, at: datetime | None
    ) -> tuple[Routed | Unrouted, Publication]:
        """Tell where a case would go and why, and what was asked (B11); `at` None is now."""
        live = self.live.live()
        who = receiver or live.table.receiver_of(address)
        found = live.table.resolve(address, kind, who, at or self.clock())
        return found, live.publication

    def propose(
        self, edits: Edits, restores: int | None, based_on: int, caller: Caller
    ) -> Proposal:
        """
        Tell what would be different with these edits, or with an earlier publication brought back.

        `based_on` must be the newest: what others have published since must have been seen.
        Where that one cannot be used, the comparison is with the one that is.
        """
        require(caller, *EDITORS)
        self.live.look()
        newest, before = self._newest(based_on)
        if self.live.live().publication != newest and caller.role is not Role.NATIONAL:
            words = f"this node cannot use publication {based_on}; publish at another, or ask a national operator"  # noqa: E501 one sentence
            raise Refusal(Fault(Rule.NOT_PERMITTED, "basedOn", words))
        wanted: Edits = {**before, **edits}
        if restores is not None:
            wanted = self.files(restores, caller)
        files = {path: data for path, data in wanted.items() if data is not None}
        check_files(caller, before, files)
        with self._checked_alone():
            return replace(self._proposal(newest, before, files, caller), restores=restores)

    def _proposal(
        self, newest: Publication, before: Files, files: Files, caller: Caller
    ) -> Proposal:
        built = self.live.build(files)
        if not isinstance(built, RouteTable):
            raise Refusal(*map(_fault, built))
        found = difference(self.live.current(), built, self.clock(), self.open_cases())
        found = replace(found, changes=(*file_changes(before, files), *found.changes))
        check_rights(caller, found)
        return Proposal(newest, files, built, found)

    def publish(
        self, edits: Edits, restores: int | None, based_on: int, reason: str, caller: Caller
    ) -> Publication:
        """Propose, and make it live: here at once, and within seconds everywhere."""
        return self.make_live(self.propose(edits, restores, based_on, caller), reason, caller)

    def make_live(self, proposal: Proposal, reason: str, caller: Caller) -> Publication:
        """Make live what was proposed by this caller, if nobody has published since."""
        based_on, version = proposal.based_on, proposal.table.version
        if version == based_on.version:
            words = (
                f"publication {based_on.number} says the same already; there is nothing to publish"
            )
            raise Refusal(Fault(Rule.NOTHING_CHANGED, "files", words))
        author, at = caller.acts_as, self.clock()
        new = Publication(based_on.number + 1, version, author, reason, at, proposal.restores)
        ended = self.publications.publish(new, proposal.files)
        if isinstance(ended, Overtaken):
            raise Refusal(_overtaken(ended.newest))
        self.live.take(Live(ended, proposal.files, proposal.table))
        return ended

    def listed(self, before: int | None, limit: int, caller: Caller) -> list[Publication]:
        """Read a page of publications, newest first."""
        require(caller, *READERS)
        return self.publications.listed(before, limit)

    def find(self, number: int, caller: Caller) -> Publication:
        """Read one publication."""
        require(caller, *READERS)
        found = self.publications.find(number)
        if found is None:
            raise Refusal(Fault(Rule.PUBLICATION_UNKNOWN, "number", _unknown(number)))
        return found

    def files(self, number: int, caller: Caller) -> Files:
        """Read the files of one publication."""
        require(caller, *READERS)
        found = self.publications.files(number)
        if found is None:
            raise Refusal(Fault(Rule.PUBLICATION_UNKNOWN, "number", _unknown(number)))
        return found

    @contextmanager
    def _checked_alone(self) -> Iterator[None]:
        """Let one proposal be checked at a time: a large one takes seconds of the processor."""
        if not self._checking.acquire(timeout=_LONGEST_WAIT_S):
            raise Unavailable("another proposal of routes is being checked", retry_after=10)
        try:
            yield
        finally:
            self._checking.release()

    def _newest(self, based_on: int) -> tuple[Publication, Files]:
        newest = self.publications.newest()
        files = self.publications.files(based_on)
        if newest is None or newest.number != based_on or files is None:
            raise Refusal(_overtaken(newest))
        return newest, files


def publish_first(
    publications: Publications, draft: Draft, build: Build, author: str, reason: str, at: datetime
) -> Publication:
    """
    Publish what stands in a folder, where nothing was published before.

    Raises StartRefused with every fault, and Refusal when somebody has published already.
    """
    built: RouteTable | Sequence[Finding] = draft.findings or build(draft.files)
    if not isinstance(built, RouteTable):
        raise StartRefused("\n".join(str(finding) for finding in built))
    first = Publication(1, built.version, author, reason, at)
    ended = publications.publish(first, draft.files)
    if isinstance(ended, Overtaken):
        raise Refusal(_overtaken(ended.newest))
    return ended


def _fault(finding: Finding) -> Fault:
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return Fault(Rule.ROUTES_FAULTY, where, f"{finding.rule}: {finding.message}")


def _overtaken(newest: Publication | None) -> Fault:
    number = newest.number if newest else 0
    words = f"publication {number} is the newest now; compare with that one, and base yours on it"
    return Fault(Rule.PUBLICATION_OVERTAKEN, "basedOn", words)


def _unknown(number: int) -> str:
    return f"there is no publication {number}"
