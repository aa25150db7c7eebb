"""A TAK's published version as JSON: as it is downloaded, with ids, or exported, with names."""

from collections.abc import Iterator, Mapping

from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.rows import Values, table_of
from gateway.routes.tak.table import TakTable


def read_snapshot(document: Mapping[str, object]) -> TakTable:
    """Read a published version, `data` and all its lists (INTEROP §3.3)."""
    findings: list[Finding] = []
    lists = _Lists(document.get("data"), findings)
    routes = [_route(row, lists) for row in lists.rows("vagval")]
    permissions = [_permission(row, lists) for row in lists.rows("anropsbehorighet")]
    return table_of(("vagval", routes), ("anropsbehorighet", permissions), findings)


class _Lists:
    """The lists of a version, and what their rows point at: by id, or by the name itself."""

    def __init__(self, data: object, findings: list[Finding]) -> None:
        self._data = data if isinstance(data, dict) else {}
        self._findings = findings
        self._contracts = self._by_id("tjanstekontrakt")
        self._receivers = self._by_id("logiskadress")
        self._components = self._by_id("tjanstekomponent")
        self._profiles = self._by_id("rivtaprofil")
        self._addresses = self._by_id("anropsadress")
        self._by_address: dict[object, Values] = {
            address: row
            for row in self._addresses.values()
            if isinstance(address := row.get("adress"), str)
        }

    def rows(self, name: str) -> Iterator[Values]:
        """Give the rows of a list; one that is no list is told."""
        rows = self._data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            words = "must be a list of objects, as in a published version of a TAK"
            self._findings.append(Finding(f"data.{name}", 0, Rule.WRONG_TYPE, words))
            return
        yield from rows

    def contract(self, to: object) -> object:
        """Find a contract's namespace."""
        return _named(to, self._contracts, "namnrymd")

    def receiver(self, to: object) -> object:
        """Find a logical address."""
        return _named(to, self._receivers, "hsaId")

    def component(self, to: object) -> object:
        """Find a component's HSA-id."""
        return _named(to, self._components, "hsaId")

    def address(self, to: object) -> object:
        """Find where something is called."""
        return _named(to, self._addresses, "adress")

    def profile(self, address: object) -> object:
        """Find the profile that is spoken at an address."""
        if not isinstance(address, str | int):
            return None
        by = self._by_address if isinstance(address, str) else self._addresses
        to = _relationships(by.get(address, {})).get("rivtaprofil")
        return _named(to, self._profiles, "namn")

    def _by_id(self, name: str) -> dict[object, Values]:
        return {row.get("id"): row for row in self.rows(name) if isinstance(row.get("id"), int)}


def _route(row: Values, lists: _Lists) -> Values:
    to = _relationships(row)
    address = to.get("anropsadress")
    return {
        "receiverId": lists.receiver(to.get("logiskadress", to.get("logiskAdress"))),
        "tjansteKontrakt": lists.contract(to.get("tjanstekontrakt")),
        "adress": lists.address(address),
        "rivProfil": lists.profile(address),
        "fromTidpunkt": row.get("fromTidpunkt"),
        "tomTidpunkt": row.get("tomTidpunkt"),
    }


def _permission(row: Values, lists: _Lists) -> Values:
    to = _relationships(row)
    return {
        "receiverId": lists.receiver(to.get("logiskAdress")),
        "senderId": lists.component(to.get("tjanstekonsument", to.get("tjanstekomponent"))),
        "tjansteKontrakt": lists.contract(to.get("tjanstekontrakt")),
        "fromTidpunkt": row.get("fromTidpunkt"),
        "tomTidpunkt": row.get("tomTidpunkt"),
    }


def _relationships(row: Values) -> Values:
    found = row.get("relationships")
    return found if isinstance(found, dict) else {}


def _named(to: object, rows: Mapping[object, Values], key: str) -> object:
    """Follow an id; a name stands for itself, and what leads nowhere reads as missing."""
    return rows.get(to, {}).get(key) if isinstance(to, int) else to
