"""Who may change what of the route table (DOMAIN B7)."""

from collections.abc import Iterator

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.publication import Files
from gateway.flow.caller import Caller, Role
from gateway.routes.difference import Difference


def check_files(caller: Caller, before: Files, after: Files) -> None:
    """
    Refuse files that are not this caller's to change, before anybody looks into them.

    National operators may change all, a region's integrators the files of their own regions.
    """
    if caller.role is not Role.NATIONAL and (faults := [*_foreign_files(caller, before, after)]):
        raise Refusal(*faults)


def check_rights(caller: Caller, difference: Difference) -> None:
    """
    Refuse what is not this caller's to change, with everything that is not.

    In their own files, too, integrators change no region, nothing about how its committee is
    reached, nothing that reaches beyond their region, and no way of another region's unit.
    """
    if caller.role is Role.NATIONAL:
        return
    faults = [*_national(difference), *_of_others(caller, difference)]
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


def _of_others(caller: Caller, difference: Difference) -> Iterator[Fault]:
    for move in difference.moves:
        ends = (move.before, move.after)
        if any(end and end.partition("/")[0] not in caller.regions for end in ends):
            words = f"cases to {move.unit} would go from {move.before or 'nowhere'} to {move.after or 'nowhere'}; only national operators may move them between regions"  # noqa: E501 one sentence
            yield Fault(Rule.NOT_PERMITTED, move.unit.text, words)


def _own(caller: Caller) -> str:
    return ", ".join(sorted(caller.regions))
