"""What can be called where: the standard contracts of the registry, v1 and v2 (INTEROP §3.9)."""

from collections.abc import Iterator
from functools import partial

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.facade.doors import Doors
from gateway.facade.soap.interaction import Answered, Asked, Interaction, Written
from gateway.facade.soap.language import Language
from gateway.facade.soap.notation import escaped, read_values
from gateway.facade.soap.written import Write, write_beside
from gateway.flow.catalogue import REGISTRY_URNS, Catalogue

SUPPORTED, ADDRESSEES = "GetSupportedServiceContracts", "GetLogicalAddresseesByServiceContract"


def _supported(major: int, catalogue: Catalogue, doors: Doors, asked: Asked) -> Iterator[str]:
    address = HsaId(_given(asked, "logicalAdress"))
    is_told = "serviceConsumerHsaId" in asked.content
    consumer = HsaId(_given(asked, "serviceConsumerHsaId")) if is_told else None
    yield _start(SUPPORTED, major)
    for contract in catalogue.supported(consumer, address, doors.operating.clock()):
        name = f"<c:ServiceContractNamespace>{contract.namespace}</c:ServiceContractNamespace>"
        yield f"<r:serviceContractNamespace>{name}</r:serviceContractNamespace>"
    yield _end(SUPPORTED)


def _addressees(major: int, catalogue: Catalogue, doors: Doors, asked: Asked) -> Iterator[str]:
    consumer = HsaId(_given(asked, "serviceConsumerHsaId"))
    # XML lets blanks stand around a URI.
    contract = _given(asked, "serviceContractNameSpace").strip()
    before, after = _AROUND[major]
    yield _start(ADDRESSEES, major)
    for address in catalogue.addressees(consumer, contract, doors.operating.clock()):
        yield f"{before}{escaped(address.text)}{after}"
    yield _end(ADDRESSEES)


_ADDRESS = ("<r:logicalAddress>", "</r:logicalAddress>")
_AROUND = {
    1: _ADDRESS,
    2: (
        f"<r:logicalAddressRecord>{_ADDRESS[0]}",
        f"{_ADDRESS[1]}</r:logicalAddressRecord>",
    ),
}


def _given(asked: Asked, name: str) -> str:
    text: str = asked.content[name]
    if not text.strip():
        raise Refusal(Fault(Rule.SCHEMA, name, "is empty; tell what is asked about"))
    return text


def _start(name: str, major: int) -> str:
    urn = REGISTRY_URNS[major]
    names = f'xmlns:r="{urn}:{name}Responder:{major}" xmlns:c="{urn}:{major}"'
    return f"<r:{name}Response {names}>"


def _end(name: str) -> str:
    return f"</r:{name}Response>"


def _interaction(name: str, major: int, write: Write) -> Interaction:
    async def answer(doors: Doors, asked: Asked) -> Answered | Written:
        return await write_beside(write, doors, asked)

    language = Language(urn=REGISTRY_URNS[major], read=read_values)
    return Interaction(name, for_gateway=True, answer=answer, language=language, major=major)


REGISTRY = tuple(
    _interaction(name, major, partial(write, major))
    for name, write in ((SUPPORTED, _supported), (ADDRESSEES, _addressees))
    for major in REGISTRY_URNS
)
