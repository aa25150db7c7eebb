"""What people call a unit, a committee or a coordinator, as the routes say."""

from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable


def place_name(table: RouteTable, address: HsaId) -> str:
    """Give the name of an address; the HSA-id itself where the routes have no name."""
    rows = table.units.get(address.key)
    if rows:
        return rows[-1].unit.name
    committees = (region.committee for region in table.regions.values())
    return next((one.name for one in committees if one.hsa_id == address), address.text)


def named(table: RouteTable, addresses: frozenset[HsaId]) -> list[tuple[str, str]]:
    """Give addresses with their names, by name."""
    found = [(one.text, place_name(table, one)) for one in addresses]
    return sorted(found, key=lambda one: (one[1].lower(), one[0]))
