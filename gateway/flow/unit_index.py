"""The units of one route table, found by what a citizen types (DOMAIN A14)."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.domain.routing import RouteTable, Row
from gateway.domain.spelling import alphabetical, words_of
from gateway.flow.word_index import AFTER_ALL, Found, WordIndex

# Each takes its time, and no name of a unit needs more.
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """
    Every row of `table`, in the order of the Swedish alphabet.

    It knows no time: rows that are not valid now are found like the others.
    """

    table: RouteTable
    rows: Sequence[Row]
    words: WordIndex
    addresses: Sequence[str]
    numbers: Sequence[int]

    @classmethod
    def of(cls, table: RouteTable) -> "UnitIndex":
        """Read the whole table; about two seconds of 100 000 rows."""
        keyed = [(key, row) for key, rows in table.units.items() for row in rows]
        keyed.sort(key=_order)
        keys = [key for key, _ in keyed]
        numbers = array("I", sorted(range(len(keys)), key=keys.__getitem__))
        return cls(
            table,
            [row for _, row in keyed],
            WordIndex.of(f"{row.unit.name} {row.unit.place}" for _, row in keyed),
            [keys[number] for number in numbers],
            numbers,
        )

    def found(self, asked: str) -> Iterator[Row]:
        """
        Find rows from the best on: by HSA-id, by the whole name, then by every word of it in the
        name or the place.

        A row is as good as the word that fits it worst; equally good ones are in alphabetical
        order. Without a word it is every row; the first `MOST_WORDS` words count.
        """
        if not words_of(asked):
            yield from self.rows
            return
        seen: Found = set()
        for step in self._steps(asked):
            fresh = step - seen
            seen |= fresh
            yield from (self.rows[number] for number in sorted(fresh))

    def _steps(self, asked: str) -> Iterator[Found]:
        key = asked.strip().lower()
        yield self._addressed(key, key)
        # Every address has digits, and what is typed of a name seldom has.
        yield self._addressed(key, key + AFTER_ALL) if not key.isalpha() else set()
        yield self._named(alphabetical(asked.strip()))
        words = list(dict.fromkeys(words_of(asked)))[:MOST_WORDS]
        reached: list[Found] = [set() for _ in words]
        for step in zip(*map(self.words.nearest_first, words), strict=True):
            for already, more in zip(reached, step, strict=True):
                already |= more
            yield set.intersection(*reached)

    def _addressed(self, first: str, last: str) -> Found:
        """Find the rows whose addresses are from `first` to `last`, both included."""
        low = bisect_left(self.addresses, first)
        high = bisect_left(self.addresses, last + "\0", low)
        return set(self.numbers[low:high])

    def _named(self, name: str) -> Found:
        low = bisect_left(self.rows, name, key=_name)
        return set(range(low, bisect_right(self.rows, name, low, key=_name)))


def _order(keyed: tuple[str, Row]) -> str:
    key, row = keyed
    # Every other thread waits while this is compared, and tuples would take several times as long.
    return f"{_name(row)}\0{alphabetical(row.unit.place)}\0{key}"


def _name(row: Row) -> str:
    return alphabetical(row.unit.name)
