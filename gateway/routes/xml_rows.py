"""Rows of an XML file, one at a time, whoever wrote it: it is never in memory as a whole tree."""

from collections.abc import Sequence
from typing import IO

from lxml import etree


def xml_rows(
    stream: IO[bytes], tags: Sequence[str]
) -> "etree.iterparse[tuple[str, etree._Element]]":
    """Read the elements of these names as they end; nothing outside the file is ever opened."""
    return etree.iterparse(
        stream,
        events=("end",),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def forget(element: etree._Element) -> None:
    """Let go of a row that has been read, and of all before it: there may be a million."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)
