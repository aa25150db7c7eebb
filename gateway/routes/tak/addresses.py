"""Which destination of a region an address in a TAK means: its url, or what `[tak]` says."""

from collections import Counter
from collections.abc import Mapping

from gateway.domain.destination import Destination
from gateway.routes.destinations import unknown
from gateway.routes.finding import Rule
from gateway.routes.page import Table, open_table


def read_addresses(root: Table, known: Mapping[str, Destination]) -> dict[str, str]:
    """
    Read the names of destinations by address, compared letter for letter (INTEROP §3.1).

    An address that several destinations have means none of them, until `[tak]` tells which.
    """
    urls = {name: destination.settings.get("url") for name, destination in known.items()}
    written = {name: url for name, url in urls.items() if isinstance(url, str)}
    count = Counter(written.values())
    found = {url: name for name, url in written.items() if count[url] == 1}
    return found | _written(root, known)


def _written(root: Table, known: Mapping[str, Destination]) -> dict[str, str]:
    if "tak" not in root.values:
        return {}
    table = open_table(root.page, ("tak",), root.values["tak"], {"addresses": dict}, {})
    addresses = table.values.get("addresses")
    found: dict[str, str] = {}
    for address, name in addresses.items() if isinstance(addresses, dict) else ():
        where = ("tak", "addresses", address)
        if not isinstance(name, str):
            table.page.fault(
                where, Rule.WRONG_TYPE, 'must be the name of a destination in "quotes"'
            )
        elif name not in known:
            table.page.fault(where, Rule.UNKNOWN_DESTINATION, unknown(name, known))
        else:
            found[address] = name
    return found
