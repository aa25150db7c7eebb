"""The national directory's own file of units, read as a tree of who is under whom."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from lxml import etree

from gateway.domain.hsa import HsaId
from gateway.domain.tree import TOP, Place, Tree
from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Table
from gateway.routes.xml_rows import forget, xml_rows

_NAMESPACE = "urn:riv:hsa:HsaWsResponder:3"
_ROOTS = {f"{{{_NAMESPACE}}}{name}" for name in ("FileGetHsaUnitsResponse", "HsaUnitsResponse")}
_UNIT, _END = f"{{{_NAMESPACE}}}hsaUnit", f"{{{_NAMESPACE}}}endDate"
_COMMA = re.compile(r"(?<!\\),")
# The whole country is some hundred megabytes; more would be something else.
_LARGEST = 2**30
# The directory packs to a tenth or less; what is denser by far was made to fill a memory.
_DENSEST, _SMALL = 100, 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit as it stands in a file; `dn` are the parts of its name, its own first."""

    hsa_id: HsaId
    name: str
    dn: tuple[str, ...]
    line: int


@dataclass(slots=True)
class _Directory:
    """What is read so far: units by the key of their HSA-id, and ids by name."""

    units: dict[str, _Unit]
    by_dn: dict[tuple[str, ...], HsaId]
    written: str = ""


def read_tree(
    tables: tuple[Table, ...], files: Mapping[str, bytes], findings: list[Finding]
) -> Tree | None:
    """
    Read the files that `[[tree]]` names (INTEROP §2.3).

    The first has the last word on what two tell of.
    """
    if not tables:
        return None
    read = _Directory({}, {})
    for table in tables:
        name = table.text("file")
        if name and name not in files:
            words = f"{name} is missing; put it beside this file, or correct the name"
            table.fault("file", Rule.MISSING_FILE, words)
        elif name:
            _add(read, name, files[name], findings)
    places = {
        key: Place(unit.name, _parent(unit.dn, read.by_dn)) for key, unit in read.units.items()
    }
    return Tree(places, read.written)


def _add(read: _Directory, file: str, data: bytes, findings: list[Finding]) -> None:
    one = _Directory({}, {})
    try:
        for unit in _units(_opened(data), one):
            findings += (Finding(file, unit.line, *told) for told in _faults(one, unit))
            one.units[unit.hsa_id.key] = unit
            one.by_dn[unit.dn] = unit.hsa_id
    except etree.XMLSyntaxError as error:
        findings.append(Finding(file, error.position[0], Rule.UNREADABLE, f"is not XML: {error}"))
        return
    except _UNREADABLE as error:
        findings.append(Finding(file, 0, Rule.UNREADABLE, str(error)))
        return
    read.written = read.written or one.written
    for unit in one.units.values():
        if unit.hsa_id.key not in read.units and unit.dn not in read.by_dn:
            read.units[unit.hsa_id.key] = unit
            read.by_dn[unit.dn] = unit.hsa_id


class _NotTheFile(Exception):
    """This is something else than the directory's file."""


# A ZIP that is cut off, locked or packed in a way that nobody reads raises any of these.
_UNREADABLE = (_NotTheFile, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)


def _opened(data: bytes) -> IO[bytes]:
    """Open the file as it is, or as it comes from the directory: alone in a ZIP."""
    if not data.startswith(b"PK"):
        return BytesIO(data)
    archive = zipfile.ZipFile(BytesIO(data))
    inside = archive.infolist()
    if len(inside) != 1 or inside[0].file_size > _LARGEST:
        raise _NotTheFile("must have one file in it, of at most a gigabyte")
    if inside[0].file_size > _SMALL + _DENSEST * inside[0].compress_size:
        raise _NotTheFile("unfolds to more than any file of units would")
    return archive.open(inside[0])


def _units(stream: IO[bytes], read: _Directory) -> Iterator[_Unit]:
    """Read one unit at a time, so that the file is never in memory as a tree of elements."""
    elements = xml_rows(stream, (_UNIT, _END))
    for _, element in elements:
        if element.tag == _END:
            read.written = read.written or (element.text or "").strip()
        else:
            yield _unit(element)
            forget(element)
    if elements.root is None or elements.root.tag not in _ROOTS:
        raise _NotTheFile(f"the root element must be FileGetHsaUnitsResponse of {_NAMESPACE}")


def _unit(element: etree._Element) -> _Unit:
    hsa_id, dn, name = (
        (element.findtext(f"{{{_NAMESPACE}}}{tag}") or "").strip()
        for tag in ("hsaIdentity", "DN", "name")
    )
    parts = tuple(part.strip().lower() for part in _COMMA.split(dn)) if dn else ()
    return _Unit(HsaId(hsa_id), name or hsa_id, parts, element.sourceline or 0)


def _faults(read: _Directory, unit: _Unit) -> Iterator[tuple[Rule, str]]:
    if not unit.hsa_id.text or not unit.dn:
        yield Rule.MISSING_KEY, "a unit without hsaIdentity or DN has no place"
        return
    if before := read.units.get(unit.hsa_id.key):
        yield Rule.TWO_PLACES, f"{unit.hsa_id} has a place in line {before.line} already"
    if other := read.by_dn.get(unit.dn):
        yield Rule.TWO_PLACES, f"{unit.hsa_id} has the same DN as {other}"


def _parent(dn: tuple[str, ...], by_dn: Mapping[tuple[str, ...], HsaId]) -> HsaId:
    """Find the nearest that a part of the name is the whole name of."""
    for cut in range(1, len(dn)):
        if up := by_dn.get(dn[cut:]):
            return up
    return TOP
