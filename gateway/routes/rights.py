"""Who may change what of the route table (DOMAIN B7)."""

from collections.abc import Iterator

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.publication import Files
from gateway.flow.caller import Caller, Role
from gateway.routes.difference import Difference


def check_rights(caller: Caller, before: Files, after: Files, difference: Difference) -> None:
    """
    Refuse what is not this caller's to change, with everything that is not.

    National operators may change all. A region's integrators may change the files of their own
    regions, but not the region itself, nor anything about how its committee is reached.
    """
    if caller.role is Role.NATIONAL:
        return
    faults = [*_foreign_files(caller, before, after), *_national(difference)]
    if faults:
        raise Refusal(*faults)


def _foreign_files(caller: Caller, before: Files, after: Files) -> Iterator[Fault]:
    for path in sorted(before.keys() | after.keys()):
        region, _, name = path.rpartition("/")
        if before.get(path) != after.get(path) and not (name and region in caller.regions):
            words = f"{caller.acts_as} may change the files of {_own(caller)} only"
            yield Fault(Rule.NOT_PERMITTED, path, words)


def _national(difference: Difference) -> Iterator[Fault]:
    for change in difference.changes:
        if change.national:
            words = f"the {change.what} {change.name} would be {change.how}; only national operators may do that"  # noqa: E501 one sentence
            where = f"{change.region}/region.toml" if change.region else change.name
            yield Fault(Rule.NOT_PERMITTED, where, words)


def _own(caller: Caller) -> str:
    return ", ".join(sorted(caller.regions))
