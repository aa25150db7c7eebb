"""What reaches beyond a region: other regions' systems, people, secrets and numbers, and files."""

from collections.abc import Iterator, Mapping

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable


def reaches_beyond(new: Destination, old: Destination | None, table: RouteTable) -> bool:
    """
    Tell whether a destination uses what its region does not own, or a file of the gateway's own.

    A system answers for all that it holds, and an inbox is read by its owner: another region's is
    not this one's to name. A region's secrets are those whose names begin with its own. A file or
    folder is one of the machine's, for all regions.
    """
    before = _places(old.settings) if old else set()
    return bool(
        any(_is_of_others(holder, new.region, table) for holder in _holders(new))
        or any(not name.startswith(own_secrets(new.region)) for name in _secrets(new.settings))
        or _places(new.settings) - before
    )


def own_secrets(region: str) -> str:
    """Tell how the names of a region's own secrets begin."""
    return f"{region.replace('-', '_')}_"


def is_anothers(unit: HsaId, region: str, table: RouteTable) -> bool:
    """Tell whether a unit's id is of the organisation of another region's committee."""
    organisation = _organisation(unit)
    of_committees = {
        key: _organisation(one.committee.hsa_id) for key, one in table.regions.items()
    }
    own = of_committees.pop(region, None)
    return organisation != own and organisation in of_committees.values()


def _organisation(unit: HsaId) -> str:
    return unit.key.partition("-")[0]


def _holders(destination: Destination) -> set[str]:
    owner = destination.settings.get("owner")
    named = (destination.system, HsaId(owner) if isinstance(owner, str) else None)
    return {one.key for one in named if one is not None}


def _is_of_others(holder: str, region: str, table: RouteTable) -> bool:
    """Tell whether this holds cases of another region: a system, an owner, a unit, a committee."""
    return (
        any(row.unit.region != region for row in table.units.get(holder, ()))
        or any(
            key != region and one.committee.hsa_id.key == holder
            for key, one in table.regions.items()
        )
        or any(
            one.region != region and holder in _holders(one) for one in table.destinations.values()
        )
    )


def _places(settings: Mapping[str, object]) -> set[str]:
    inside = _inside(settings)
    return {one for one in inside if isinstance(one, str) and one.startswith("/")}


def _secrets(settings: Mapping[str, object]) -> set[str]:
    named = (one.get("secret") for one in _inside(settings) if isinstance(one, Mapping))
    return {name for name in named if isinstance(name, str)}


def _inside(value: object) -> Iterator[object]:
    """Give a value and everything in it."""
    yield value
    if isinstance(value, Mapping):
        value = list(value.values())
    for one in value if isinstance(value, list | tuple) else ():
        yield from _inside(one)
