"""Change the route table: propose, compare with what is live, publish, bring back (DOMAIN B10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule, StartRefused
from gateway.domain.hsa import HsaId
from gateway.domain.publication import Files, Overtaken, Publication
from gateway.domain.routing import Routed, RouteTable, Unrouted
from gateway.flow.caller import Caller, Role, require
from gateway.flow.publications import Publications
from gateway.routes.difference import Difference, OpenCases, difference, file_changes
from gateway.routes.draft import Draft
from gateway.routes.finding import Finding
from gateway.routes.live import Build, Live, LiveTable
from gateway.routes.rights import check_rights

# Files that shall be different; None takes one away. All others stay as they are.
Edits = Mapping[str, bytes | None]

READERS = (Role.NATIONAL, Role.INTEGRATOR, Role.AUDITOR, Role.OPERATOR)
EDITORS = (Role.NATIONAL, Role.INTEGRATOR)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published, checked, and what would be different."""

    files: Files
    table: RouteTable
    difference: Difference


@dataclass(frozen=True, slots=True)
class Publishing:
    """The verbs of those who edit routes; each raises Refusal with every fault."""

    live: LiveTable
    publications: Publications
    open_cases: Callable[[], OpenCases]
    clock: Callable[[], datetime]

    def explain(
        self, address: HsaId, kind: Kind, receiver: ReceiverType, at: datetime | None
    ) -> tuple[Routed | Unrouted, Publication]:
        """Tell where a case would go and why, and what was asked (B11); `at` None is now."""
        live = self.live.live()
        found = live.table.resolve(address, kind, receiver, at or self.clock())
        return found, live.publication

    def propose(
        self, edits: Edits, restores: int | None, based_on: int, caller: Caller
    ) -> Proposal:
        """
        Tell what would be different with these edits, or with an earlier publication brought back.

        `based_on` must be the live one: what others have published since must have been seen.
        """
        require(caller, *EDITORS)
        live = self._newest(based_on)
        wanted: Edits = {**live.files, **edits}
        if restores is not None:
            wanted = self.files(restores, caller)
        files = {path: data for path, data in wanted.items() if data is not None}
        built = self.live.build(files)
        if not isinstance(built, RouteTable):
            raise Refusal(*map(_fault, built))
        found = difference(live.table, built, self.clock(), self.open_cases())
        found = replace(found, changes=(*file_changes(live.files, files), *found.changes))
        check_rights(caller, live.files, files, found)
        return Proposal(files, built, found)

    def publish(
        self, edits: Edits, restores: int | None, based_on: int, reason: str, caller: Caller
    ) -> Publication:
        """Make it live: here at once, and within seconds everywhere."""
        proposal = self.propose(edits, restores, based_on, caller)
        version = proposal.table.version
        if version == self.live.live().publication.version:
            words = f"publication {based_on} says the same already; there is nothing to publish"
            raise Refusal(Fault(Rule.NOTHING_CHANGED, "files", words))
        author, at = caller.acts_as, self.clock()
        new = Publication(based_on + 1, version, author, reason, at, restores)
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

    def _newest(self, based_on: int) -> Live:
        self.live.look()
        live = self.live.live()
        if live.publication.number != based_on:
            raise Refusal(_overtaken(live.publication))
        return live


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
    words = f"publication {number} is live now; compare with that one, and base yours on it"
    return Fault(Rule.PUBLICATION_OVERTAKEN, "basedOn", words)


def _unknown(number: int) -> str:
    return f"there is no publication {number}"
