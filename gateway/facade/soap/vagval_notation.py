"""Routes and permissions as rows of SokVagvalsInfo v2, written one at a time (INTEROP §3.8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN, Period
from gateway.facade.soap.notation import escaped
from gateway.flow.catalogue import SERVED, Allowed, Catalogue, Route

PROFILE = "RIVTABP21"
# What is said where there is no limit; the standard wants a time, and no period begins before.
SINCE_EVER, FOR_EVER = "2000-01-01T00:00:00+01:00", "2999-12-31T23:59:59+01:00"

_IDS = UUID("5b0c6f4e-5c0a-5e0e-9a3c-2f1d7e8b4a60")
# The last instant still belongs to a row (INTEROP §2.3), and not to a period.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of this gateway; `door` is where calls of any contract are taken."""

    door: str

    def of(self, route: Route) -> str:
        """Tell the address of a route: its end names the destination, and does not route."""
        return f"{self.door}/{route.place}" if route.place else self.door


def routes(catalogue: Catalogue, places: Places) -> Iterator[str]:
    """Write every route."""
    for route in catalogue.routes():
        about = (
            f"<receiverId>{escaped(route.receiver.text)}</receiverId>"
            f"<rivProfil>{PROFILE}</rivProfil>"
            f"<tjansteKontrakt>{route.contract.namespace}</tjansteKontrakt>"
            f"{_times(route.period)}<adress>{escaped(places.of(route))}</adress>"
        )
        yield (
            f"<virtualiseringsInfo><virtualiseringsInfoId>{_id(about)}</virtualiseringsInfoId>"
            f"{about}</virtualiseringsInfo>"
        )


def permissions(catalogue: Catalogue, _: Places) -> Iterator[str]:
    """Write every permission."""
    for one in catalogue.permissions():
        about = (
            f"<receiverId>{escaped(one.receiver.text)}</receiverId>"
            f"<senderId>{escaped(one.sender.hsa_id.text)}</senderId>"
            f"<tjansteKontrakt>{one.contract.namespace}</tjansteKontrakt>{_times(one.period)}"
        )
        yield (
            f"<anropsBehorighetsInfo><anropsBehorighetsInfoId>{_id(about)}"
            f"</anropsBehorighetsInfoId>{about}</anropsBehorighetsInfo>"
        )


def contracts(_: Catalogue, __: Places) -> Iterator[str]:
    """Write every contract."""
    for one in SERVED:
        yield (
            f"<tjanstekontraktInfo><namnrymd>{one.namespace}</namnrymd>"
            f"<majorVersion>{one.major}</majorVersion><minorVersion>0</minorVersion>"
            f"<beskrivning>{one.name}</beskrivning></tjanstekontraktInfo>"
        )


def components(catalogue: Catalogue, places: Places) -> Iterator[str]:
    """Write the gateway, which every address is of, and each caller with what it may."""
    yield _component(catalogue.gateway.text, catalogue.name)
    yield from _addresses(catalogue, places)
    yield "</tjanstekomponentInfo>"
    allowed: dict[HsaId, list[Allowed]] = {}
    for one in catalogue.permissions():
        allowed.setdefault(one.sender.hsa_id, []).append(one)
    for caller in catalogue.callers:
        yield _component(caller.hsa_id.text, caller.name)
        yield from (_permitted(one) for one in allowed.get(caller.hsa_id, ()))
        yield "</tjanstekomponentInfo>"


def _component(hsa_id: str, name: str) -> str:
    return (
        f"<tjanstekomponentInfo><hsaId>{escaped(hsa_id)}</hsaId>"
        f"<beskrivning>{escaped(name)}</beskrivning>"
    )


def _addresses(catalogue: Catalogue, places: Places) -> Iterator[str]:
    # Kept as texts: so many objects would make the collector of garbage stop everybody.
    by_address: dict[str, list[str]] = {}
    for route in catalogue.routes():
        text = f"<vagvalsInfo>{_times(route.period)}{_logical(route, route.name)}</vagvalsInfo>"
        by_address.setdefault(places.of(route), []).append(text)
    for address, texts in by_address.items():
        yield (
            f"<anropsAdressInfo><adress>{escaped(address)}</adress>"
            f"<rivtaProfilNamn>{PROFILE}</rivtaProfilNamn>"
        )
        yield from texts
        yield "</anropsAdressInfo>"


def _permitted(one: Allowed) -> str:
    agreement = f"<integrationsavtal>{_AGREEMENT}</integrationsavtal>"
    return (
        f"<anropsbehorighetInfo>{_times(one.period)}{agreement}"
        f"{_logical(one, one.receiver.text)}</anropsbehorighetInfo>"
    )


# What catalogues say of rows that nobody wrote by hand (INTEROP §3.5).
_AGREEMENT = "AUTOTAKNING"


def _logical(one: Route | Allowed, name: str) -> str:
    return (
        f"<tjanstekontraktNamnrymd>{one.contract.namespace}</tjanstekontraktNamnrymd>"
        f"<logiskAdressHsaId>{escaped(one.receiver.text)}</logiskAdressHsaId>"
        f"<logiskAdressBeskrivning>{escaped(name)}</logiskAdressBeskrivning>"
    )


def _id(about: str) -> UUID:
    """Give the id of a row that says this: the same as long as it says the same."""
    return uuid5(_IDS, about)


def _times(period: Period) -> str:
    first = SINCE_EVER if period.start is None else _written(period.start)
    last = FOR_EVER if period.end is None else _written(period.end - _TICK)
    return f"<fromTidpunkt>{first}</fromTidpunkt><tomTidpunkt>{last}</tomTidpunkt>"


@lru_cache(maxsize=1024)
def _written(at: datetime) -> str:
    return at.astimezone(SWEDEN).isoformat()
