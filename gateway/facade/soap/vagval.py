"""SokVagvalsInfo v2: all that is routed and allowed here, for service platforms (INTEROP §3.8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gateway.domain.notation import Json
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction, Written
from gateway.facade.soap.language import Language
from gateway.facade.soap.vagval_notation import (
    Places,
    components,
    contracts,
    permissions,
    routes,
)
from gateway.facade.soap.written import write_beside
from gateway.flow.catalogue import VAGVALSINFO, Catalogue

_ROWS = {
    "hamtaAllaVirtualiseringar": routes,
    "hamtaAllaAnropsBehorigheter": permissions,
    "hamtaAllaTjanstekontrakt": contracts,
    "hamtaAllaTjanstekomponenter": components,
}


@dataclass(frozen=True, slots=True)
class OlderInteraction(Interaction):
    """A contract with several operations, from before the profile had rules for names."""

    @property
    def namespace(self) -> str:
        """The contract, in which all its operations are."""
        return VAGVALSINFO

    @property
    def requests(self) -> tuple[str, ...]:
        """One element for each operation."""
        return tuple(_ROWS)

    @property
    def has_address(self) -> bool:
        """Tell that its header is empty."""
        return False

    @property
    def path(self) -> str:
        """Where it is served, below the door."""
        return "SokVagvalsInfo/v2"

    @property
    def full_path(self) -> str:
        """The same: it has no domain."""
        return self.path

    @property
    def wsdl(self) -> str:
        """Its WSDL file, below the folder of contracts."""
        return "interactions/vagvalsInfo/vagvalsinfo-sokvagvalsinfo-2.0.wsdl"

    @property
    def schema(self) -> str:
        """Its schema, below the folder of contracts."""
        return "interactions/vagvalsInfo/vagvalsinfo-sokvagvalsinfo-2.0.xsd"


def _read(element: etree._Element, _: str) -> Json:
    return {"operation": etree.QName(element).localname}


def _write(catalogue: Catalogue, doors: Doors, asked: Asked) -> Iterator[str]:
    operation: str = asked.content["operation"]
    yield f'<{operation}Response xmlns="{VAGVALSINFO}">'
    yield from _ROWS[operation](catalogue, Places(f"{doors.public_url}/soap"))
    yield f"</{operation}Response>"


async def _answer(doors: Doors, asked: Asked) -> Answered | Written:
    return await write_beside(_write, doors, asked)


SOK_VAGVALS_INFO = OlderInteraction(
    "SokVagvalsInfo", for_gateway=True, answer=_answer, language=Language(VAGVALSINFO, _read)
)
