"""XML ↔ JSON in the standard contracts of the message box (INTEROP §5.2)."""

from lxml import etree

from gateway.domain.errors import Refusal
from gateway.domain.notation import Json
from gateway.facade.soap.language import Language
from gateway.facade.soap.notation import escaped

URN = "urn:riv:infrastructure:itintegration:messagebox"
REGISTRY = "urn:riv:itintegration:registry:1"


def _read(element: etree._Element, namespace: str) -> Json:
    """Read lists of values; all that these contracts are asked is that."""
    content: dict[str, list[str]] = {}
    for child in element:
        name = etree.QName(child)
        if name.namespace == namespace:
            # A service contract is one value, inside an element of its own.
            leaf = child[0] if len(child) else child
            content.setdefault(name.localname, []).append((leaf.text or "").strip())
    return content


def _write(name: str, namespace: str, content: Json) -> str:
    inside = "".join(_element("r", key, value) for key, value in content.items())
    names = f'xmlns:r="{namespace}" xmlns:c="{URN}:1" xmlns:t="{REGISTRY}"'
    return f"<r:{name} {names}>{inside}</r:{name}>"


def _element(prefix: str, name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "".join(_element(prefix, name, one) for one in value)
        case dict():
            below = _BELOW[name]
            inside = "".join(_element(below, key, one) for key, one in value.items())
        case _:
            inside = escaped(str(value))
    return f"<{prefix}:{name}>{inside}</{prefix}:{name}>"


# Where a type was declared, there its elements are at home.
_BELOW = {"result": "c", "messageMetas": "c", "responses": "r", "serviceContractType": "t"}


def _well(_: str) -> Json:
    return {"code": "OK"}


def _badly(refusal: Refusal, _: str) -> Json:
    return {"code": "ERROR", "errorMessage": str(refusal)}


MESSAGEBOX = Language(urn=URN, read=_read, write=_write, well=_well, badly=_badly)
