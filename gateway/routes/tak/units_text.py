"""units.csv as text whose records can be changed: what is not touched stays byte for byte."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gateway.routes.csv_file import between

_MARK = "\ufeff"
# Days are counted from the first one there is; a period goes up to, but not including, its end.
EVER = date.min.toordinal()
NEVER = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One record: its text with its line end, its cells, and the days that it holds for."""

    text: str
    cells: Mapping[str, str]
    start: int
    end: int

    @property
    def destination(self) -> str:
        """What the record says of where cases go."""
        return self.cells["destination"]


@dataclass(frozen=True, slots=True)
class UnitsText:
    """A file that was checked before, in parts: its first line, and all records in order."""

    header: Sequence[str]
    between: str
    parts: tuple[str | Record, ...]

    @property
    def records(self) -> list[Record]:
        """The records of units, in order."""
        return [part for part in self.parts if isinstance(part, Record)]

    def edited(self, instead: Mapping[Record, Sequence[Mapping[str, str]]]) -> bytes:
        """Write the file with other records in the place of some; the same cells stay as is."""
        ends = "\r\n" if "\r\n" in self._first else "\n"
        texts = [text for part in self.parts for text in self._texts(part, instead, ends)]
        whole = [text if text.endswith(("\n", "\r")) else text + ends for text in texts[:-1]]
        return "".join([*whole, *texts[-1:]]).encode()

    @property
    def _first(self) -> str:
        first = self.parts[0]
        return first if isinstance(first, str) else first.text

    def _texts(
        self,
        part: str | Record,
        instead: Mapping[Record, Sequence[Mapping[str, str]]],
        ends: str,
    ) -> list[str]:
        if isinstance(part, str):
            return [part]
        if part not in instead:
            return [part.text]
        return [
            part.text if cells == part.cells else self._written(cells, part.text, ends)
            for cells in instead[part]
        ]

    def _written(self, cells: Mapping[str, str], like: str, ends: str) -> str:
        body = like.rstrip("\r\n")
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.between, lineterminator=like[len(body) :] or ends)
        writer.writerow([cells[name] for name in self.header])
        return text.getvalue()


def read_text(data: bytes) -> UnitsText:
    """Take a file apart that is known to be right."""
    text = data.decode()
    lines = list(io.StringIO(text, newline=""))
    sign = between(lines[0])
    reader = csv.reader(io.StringIO(text.removeprefix(_MARK), newline=""), delimiter=sign)
    cut: list[tuple[int, list[str]]] = [(0, [])]
    cut += [(reader.line_num, cells) for cells in reader]
    header = cut[1][1]
    parts: list[str | Record] = []
    for (begins, _), (ends, cells) in pairwise(cut):
        piece = "".join(lines[begins:ends])
        is_unit = any(cells) and begins > 0
        parts.append(_record(piece, dict(zip(header, cells, strict=True))) if is_unit else piece)
    return UnitsText(header, sign, tuple(parts))


def _record(text: str, cells: Mapping[str, str]) -> Record:
    first, last = cells["valid_from"], cells["valid_to"]
    start = date.fromisoformat(first).toordinal() if first else EVER
    end = date.fromisoformat(last).toordinal() + 1 if last else NEVER
    return Record(text, cells, start, end)
