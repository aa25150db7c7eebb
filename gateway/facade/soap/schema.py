"""Hold a request against its contract's schema, and say what is wrong without quoting it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from gateway.domain.errors import Fault, Rule

XS = "http://www.w3.org/2001/XMLSchema"

# The first few are enough to mend a request by.
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Schema:
    """
    A contract's compiled schema; used by one thread only, because its errors are kept in it.

    `names` are the elements that it declares; `values` are the words for what each must hold, by
    the element's name with its namespace.
    """

    compiled: etree.XMLSchema = field(repr=False)
    names: frozenset[str] = field(repr=False)
    values: Mapping[str, str] = field(repr=False)


def load_schema(file: Path) -> Schema:
    """Compile a schema with all that it imports."""
    trees = imported(file)
    types = {tag: type_ for tree in trees.values() for tag, type_ in _declared(tree)}
    words = _BUILT_IN | {name: text for t in trees.values() for name, text in _described(t)}
    return Schema(
        compiled=etree.XMLSchema(trees[file.resolve()]),
        names=frozenset(etree.QName(tag).localname for tag in types),
        values={tag: words[type_] for tag, type_ in types.items() if type_ in words},
    )


def imported(file: Path) -> dict[Path, etree._ElementTree]:
    """Give the parsed file and all that it imports, directly or not."""
    trees: dict[Path, etree._ElementTree] = {}
    waiting = [file.resolve()]
    while waiting:
        path = waiting.pop()
        if path not in trees:
            trees[path] = etree.parse(path)
            places = trees[path].iterfind(f".//{{{XS}}}import")
            waiting += [(path.parent / e.get("schemaLocation", "")).resolve() for e in places]
    return trees


def schema_faults(schema: Schema, element: etree._Element) -> list[Fault]:
    """
    Tell the first things that are wrong, by element path and rule; empty when nothing is.

    The parser's own words quote values and names of the request, so none of them is used.
    """
    if schema.compiled.validate(element):
        return []
    found: dict[str, Fault] = {}
    for error in schema.compiled.error_log:
        at = _found(element, error.path or "")
        where = "/".join(reversed([_shown(step, schema) for step in _upward(at, element)]))
        words = _words(error, at, schema)
        found.setdefault(where, Fault(Rule.SCHEMA, where, words))
        if len(found) == MOST_FAULTS:
            break
    return list(found.values())


_BUILT_IN = {"boolean": "true or false", "base64Binary": "base64"}


def _declared(tree: etree._ElementTree) -> Iterator[tuple[str, str]]:
    namespace = tree.getroot().get("targetNamespace")
    for element in tree.iter(f"{{{XS}}}element"):
        tag = f"{{{namespace}}}{element.get('name')}"
        yield tag, element.get("type", "").rpartition(":")[2]


def _described(tree: etree._ElementTree) -> Iterator[tuple[str, str]]:
    for simple in tree.iter(f"{{{XS}}}simpleType"):
        yield simple.get("name", ""), simple.findtext(f".//{{{XS}}}documentation", "")


def _found(element: etree._Element, path: str) -> etree._Element:
    # libxml2 writes /p:a/p:b[2]; without a prefix, * and the number among all elements.
    for step in path.split("/")[2:]:
        name, _, number = step.rstrip("]").partition("[")
        alike = [child for child in element if name in ("*", _prefixed(child))]
        place = int(number or 1) - 1
        if place >= len(alike):
            break
        element = alike[place]
    return element


def _prefixed(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def _upward(at: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    step: etree._Element | None = at
    while step is not None:
        yield step
        step = None if step is top else step.getparent()


def _shown(element: etree._Element, schema: Schema) -> str:
    name = etree.QName(element).localname
    if name not in schema.names:
        return "(unknown element)"
    parent = element.getparent()
    alike = [] if parent is None else [c for c in parent if c.tag == element.tag]
    return f"{name}[{alike.index(element) + 1}]" if len(alike) > 1 else name


def _words(error: "etree._LogEntry", at: etree._Element, schema: Schema) -> str:
    rule, tag = (error.type_name or "").removeprefix("SCHEMAV_"), str(at.tag)
    if rule in _UNKNOWN_ATTRIBUTE:
        return f"{rule}: has no attribute {_attributes(at)} here; leave it out"
    if rule == "ELEMENT_CONTENT":
        return f"{rule}: {_order(error.message or '', schema)}"
    if rule.endswith(("_VALID", "_1_2_1")) and tag in schema.values:
        return f"{rule}: must be {schema.values[tag]}"
    return f"{rule}: look at the schema of the contract"


def told_name(name: str) -> str:
    """Give a name that a stranger wrote as it may be told again: not one with digits in it."""
    return name if _A_NAME.fullmatch(name) else "(no name)"


# The rules of XML Schema for an element with parts, and for one with a value. No element of the
# contracts has attributes of its own.
_UNKNOWN_ATTRIBUTE = frozenset({"CVC_COMPLEX_TYPE_3_2_1", "CVC_TYPE_3_1_1"})
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# A name with digits could be a person's number.
_A_NAME = re.compile(r"[A-Za-z_-]{1,64}")


def _attributes(element: etree._Element) -> str:
    names = [etree.QName(str(name)) for name in element.attrib]
    unknown = [name.localname for name in names if name.namespace != _XSI]
    return ", ".join(map(told_name, unknown))


def _order(message: str, schema: Schema) -> str:
    # What is expected is told last, and by the schema; what the request had is told before it.
    told = message.rpartition("Expected is")[2].replace("}", " ").split()
    expected = ", ".join(word for word in told if word in schema.names)
    missing = "Missing child element" in message
    start = "a child element is missing here" if missing else "this element is not expected here"
    return f"{start}; expected is {expected}" if expected else start
