"""What each interaction is made of: its names, what was asked, and what is answered."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.facade.doors import Doors
from gateway.facade.soap.language import OURS, Language
from gateway.flow.caller import Caller


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has passed the schema; `address` is the logical address as written."""

    content: Json = field(repr=False)
    address: HsaId
    caller: Caller


@dataclass(frozen=True, slots=True)
class Answered:
    """A good answer: what stands after `result`, and the case that it is about."""

    content: Json = field(repr=False)
    case_number: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it is sent; when it is long, its start and what comes after it."""

    start: bytes = field(repr=False)
    rest: Iterator[bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One contract; `for_gateway` when its logical address is the gateway's own."""

    name: str
    for_gateway: bool
    answer: Callable[[Doors, Asked], Awaitable[Answered | Written]]
    language: Language = OURS
    major: int = 1

    @property
    def namespace(self) -> str:
        """The service contract, as a service address catalogue names it (INTEROP §1.2)."""
        return f"{self.language.urn}:{self.name}Responder:{self.major}"

    @property
    def requests(self) -> tuple[str, ...]:
        """The elements that can be asked with."""
        return (self.name,)

    @property
    def has_address(self) -> bool:
        """Tell whether there is a logical address in the header."""
        return True

    @property
    def path(self) -> str:
        """Where it is served, below the door."""
        return f"{self.name}/{self.major}/rivtabp21"

    @property
    def full_path(self) -> str:
        """The same with the domain before it, as the profile writes addresses (INTEROP §1.2)."""
        return f"{self.language.folders}/{self.path}"

    @property
    def wsdl(self) -> str:
        """Its WSDL file, below the folder of contracts."""
        return f"{self._folder}/{self.name}Interaction_{self.major}.0_RIVTABP21.wsdl"

    @property
    def schema(self) -> str:
        """Its service schema, below the folder of contracts."""
        return f"{self._folder}/{self.name}Responder_{self.major}.0.xsd"

    @property
    def _folder(self) -> str:
        return f"interactions/{self.name}Interaction"
