"""Read what somebody hands over of a TAK; which kind it is, the content tells."""

import gzip
import json
import zlib
from collections.abc import Collection
from io import BytesIO

from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.order import read_order
from gateway.routes.tak.snapshot import read_snapshot
from gateway.routes.tak.table import TakOrder, TakTable

LARGEST_FILE = 256 * 1024 * 1024
_GZIP = b"\x1f\x8b"


def read_tak_file(
    file: str, data: bytes, platform: str | None, components: Collection[str]
) -> TakTable | TakOrder:
    """
    Read a published version or a bulk order, packed with gzip or not.

    `platform` and `components` are for an order: see there.
    """
    try:
        document = json.loads(_unpacked(data))
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        return _unreadable(file, f"is no JSON, and no JSON in gzip: {error}")
    match document:
        case {"data": _}:
            return read_snapshot(document)
        case {"inkludera": _} | {"exkludera": _} | {"plattform": _}:
            return read_order(document, platform, components)
        case _:
            words = "is neither a published version (with data) nor an order (with inkludera)"
            return _unreadable(file, words)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    with gzip.open(BytesIO(data)) as packed:
        unpacked = packed.read(LARGEST_FILE + 1)
    if len(unpacked) > LARGEST_FILE:
        raise ValueError(f"it unfolds to over {LARGEST_FILE} bytes")
    return unpacked


def _unreadable(file: str, words: str) -> TakTable:
    return TakTable((), (), (Finding(file, 0, Rule.UNREADABLE, words),))
