"""The line of every table and key of a TOML text, which the reader of TOML does not tell."""

import re
from collections.abc import Iterator

Where = tuple[str | int, ...]


class TomlLines:
    """
    Where things stand in a text that is TOML already.

    A place is a path of keys, and of numbers from 0 in arrays of tables: ("rules", 2, "kind").
    Keys inside inline tables are not told apart: they stand where their table begins.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Where, int] = {(): 1}
        table: Where = ()
        latest: dict[Where, int] = {}
        for line, statement in _statements(text):
            if header := _HEADER.match(statement):
                table = _enter(_keys(header[2]), latest, is_array=header[1] == "[[")
                self._mark(table, line)
            elif pair := _PAIR.match(statement):
                self._mark(table + _keys(pair[1]), line)

    def line_of(self, *where: str | int) -> int:
        """Find the line of a place, or of the nearest thing around it."""
        while where not in self._lines:
            where = where[:-1]
        return self._lines[where]

    def _mark(self, where: Where, line: int) -> None:
        for length in range(1, len(where) + 1):
            self._lines.setdefault(where[:length], line)


_KEY = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]")
_PAIR = re.compile(rf"\s*({_KEYS})\s*=")
# Whatever may hide a bracket or a line end comes first: long strings, strings, comments.
_TOKEN = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?"{3,5}'
    r"|'{3}[\s\S]*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]"
)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut the text at the line ends that are in no string and no bracket."""
    line = depth = start = 0
    for token in _TOKEN.finditer(text + "\n"):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        if mark == "\n" and depth == 0:
            statement = text[start : token.start()]
            yield line + 1, statement
            line += statement.count("\n") + 1
            start = token.end()


def _keys(dotted: str) -> Where:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))


def _enter(keys: Where, latest: dict[Where, int], *, is_array: bool) -> Where:
    """Tell which table a header opens; inside an array of tables it is the latest one."""
    where: Where = ()
    for key in keys[:-1]:
        where += (key,)
        where += (latest[where],) if where in latest else ()
    where += keys[-1:]
    if not is_array:
        return where
    latest[where] = latest.get(where, -1) + 1
    return (*where, latest[where])
