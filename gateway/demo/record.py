"""A notebook of what somebody has a receipt for: one JSON line each, on disk before it counts."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = dict[str, Any]  # JSON


class Record:
    """The notebook of one process, which goes on in it when it is started again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists() and not path.read_bytes().endswith(b"\n"):
            self._append("")  # a kill cut the last line off; the next one is whole

    def write(self, what: str, **told: object) -> None:
        """Write a line down; returns when it is on disk."""
        self._append(json.dumps({"what": what} | told, ensure_ascii=False))

    def _append(self, line: str) -> None:
        with self._path.open("ab") as file:
            file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())


def lines(path: Path) -> list[Line]:
    """Read every whole line; none when there is no notebook yet."""
    return list(_whole(path)) if path.exists() else []


def _whole(path: Path) -> Iterator[Line]:
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            yield json.loads(line)
        except ValueError:
            continue  # cut off by a kill, or being written right now: no receipt
