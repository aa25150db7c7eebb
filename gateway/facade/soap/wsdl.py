"""The WSDL and schema files, with addresses that work from where the caller is (INTEROP §2.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from gateway.facade.soap.interaction import Interaction
from gateway.facade.soap.schema import XS, imported

SOAP_ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap/}address"


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    The files of the contracts that are served, found when the door is built.

    Only what is in these tables can be fetched, whatever is asked for. Paths are looked up in
    lower case; `served` gives each its right spelling.
    """

    folder: Path
    served: Mapping[str, Interaction]
    schemas: Mapping[str, Path]

    @property
    def paths(self) -> list[str]:
        """Every path below the door that has a contract."""
        return sorted({interaction.path for interaction in self.served.values()})

    def wsdl(self, path: str, door: str) -> bytes | None:
        """Give the WSDL of a path below the door; `door` is the door's own address."""
        interaction = self.served.get(path.lower())
        if interaction is None:
            return None
        return self._rewritten(self.folder / interaction.wsdl, f"{door}/{interaction.path}")

    def schema(self, path: str, name: str, door: str) -> bytes | None:
        """Give a schema by its path in the delivery, asked for at any contract."""
        interaction, file = self.served.get(path.lower()), self.schemas.get(name)
        if interaction is None or file is None:
            return None
        return self._rewritten(file, f"{door}/{interaction.path}")

    def _rewritten(self, file: Path, here: str) -> bytes:
        tree = etree.parse(file)
        for address in tree.iter(SOAP_ADDRESS):
            address.set("location", here)
        for place in tree.iter(f"{{{XS}}}import"):
            target = (file.parent / place.get("schemaLocation", "")).resolve()
            name = target.relative_to(self.folder).as_posix()
            place.set("schemaLocation", f"{here}?xsd={name}")
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def find_delivery(folder: Path, interactions: tuple[Interaction, ...]) -> Delivery:
    """Find the files of these interactions in the folder."""
    folder = folder.resolve()
    wsdls = {folder / one.wsdl for one in interactions}
    schemas = {path for wsdl in wsdls for path in imported(wsdl)} - wsdls
    return Delivery(
        folder=folder,
        served={path.lower(): one for one in interactions for path in (one.path, one.full_path)},
        schemas={path.relative_to(folder).as_posix(): path for path in schemas},
    )
