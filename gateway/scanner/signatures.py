"""Tell by signatures what a file may be."""

from collections.abc import Mapping

import puremagic


def recognise(head: bytes) -> Mapping[str, int]:
    """Give the media types whose signature a beginning has, with the length of the longest."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # nothing known, or nothing at all
        return {}
    lengths: dict[str, int] = {}
    for one in found:
        if one.mime_type:
            length = len(one.byte_match or b"")
            lengths[one.mime_type] = max(length, lengths.get(one.mime_type, 0))
    return lengths
