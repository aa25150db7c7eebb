"""Which texts hold a word, or one that is spelled nearly so, from the nearest on (DOMAIN A14)."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.domain.spelling import begins_as, errors_between, one_error, plain, words_of

Found = set[int]

# Fewer letters with an error in them are like too many other words.
ONE_ERROR_FROM, TWO_ERRORS_FROM = 4, 8
ONE_ERROR_IN_BEGINNING_FROM = 6
# Longer words could have been meant for more than can be tried in a moment.
ERRORS_UP_TO = 40
# Stands after whatever a word can go on with.
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class _Backwards:
    """The words from behind: what ends alike stands together; `numbers` leads to the word."""

    words: Sequence[str]
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class WordIndex:
    """
    Every word of some texts, sorted as written without Swedish keys.

    The texts of word n are `texts[starts[n]:starts[n + 1]]`, by number.
    """

    spelled: Sequence[str]
    plain: Sequence[str]
    starts: Sequence[int]
    texts: Sequence[int]
    letters: str
    backwards: _Backwards

    @classmethod
    def of(cls, texts: Iterable[str]) -> "WordIndex":
        """Read all texts; the first is number 0."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for word in set(words_of(text)):
                found[word].append(number)
        spelled = sorted(found, key=lambda word: (plain(word), word))
        bare = [word if plain(word) == word else plain(word) for word in spelled]
        starts, flat = array("I", [0]), array("I")
        for word in spelled:
            flat.extend(found[word])
            starts.append(len(flat))
        letters = "".join(sorted(filter(str.isalpha, set().union(*bare))))
        return cls(spelled, bare, starts, flat, letters, _backwards(bare))

    def nearest_first(self, word: str) -> Iterator[Found]:
        """
        Find the texts with a word, and then those with what is less and less like it.

        Each step gives its own texts, which may have come before: the word, the same with dots
        where the asked one has none, what begins with it, the same without dots, one typing
        error, two. No errors are looked for in words of more than 40 letters.
        """
        bare = plain(word)
        same, begun = self._same(bare), self._begun(bare)
        yield self._of(n for n in same if self.spelled[n] == word)
        yield self._of(n for n in same if begins_as(self.spelled[n], word))
        yield self._of(n for n in begun if self.spelled[n].startswith(word))
        yield self._of(n for n in begun if begins_as(self.spelled[n], word))
        errors = len(bare) if bare.isalpha() and len(bare) <= ERRORS_UP_TO else 0
        yield self._with_one_error(bare) if errors >= ONE_ERROR_FROM else set()
        yield self._with_two_errors(bare) if errors >= TWO_ERRORS_FROM else set()

    def _of(self, words: Iterable[int]) -> Found:
        found: Found = set()
        for n in words:
            found.update(self.texts[self.starts[n] : self.starts[n + 1]])
        return found

    def _same(self, bare: str) -> range:
        return range(bisect_left(self.plain, bare), bisect_right(self.plain, bare))

    def _begun(self, bare: str) -> range:
        return _begun(self.plain, bare)

    def _with_one_error(self, bare: str) -> Found:
        whole = len(bare) < ONE_ERROR_IN_BEGINNING_FROM
        meant = set(one_error(bare, self.letters))
        return self._of({n for one in meant for n in (self._same if whole else self._begun)(one)})

    def _with_two_errors(self, bare: str) -> Found:
        half, length = len(bare) // 2, len(bare)
        head, tail = bare[:half], bare[half:]
        ends = set(one_error(tail, self.letters))
        meant = set(one_error(head, self.letters))
        found = {n for one in meant for n in self._begun(one) if self.plain[n][len(one) :] in ends}
        # Else one half is right; or neither is, by a swap across the middle.
        swapped = head[:-1] + tail[0] + head[-1] + tail[1:]
        likely = {*self._begun(head), *self._begun(swapped[: half + 1])}
        likely.update(self._ended(tail), self._ended(swapped[half - 1 :]))
        near = (n for n in likely - found if abs(len(self.plain[n]) - length) <= 2)
        return self._of(found.union(n for n in near if errors_between(bare, self.plain[n]) <= 2))

    def _ended(self, end: str) -> Iterator[int]:
        for n in _begun(self.backwards.words, end[::-1]):
            yield self.backwards.numbers[n]


def _begun(words: Sequence[str], beginning: str) -> range:
    first = bisect_left(words, beginning)
    if first == len(words) or not words[first].startswith(beginning):
        return range(0)
    return range(first, bisect_left(words, beginning + AFTER_ALL, first))


def _backwards(words: Sequence[str]) -> _Backwards:
    turned = sorted((word[::-1], n) for n, word in enumerate(words) if word.isalpha())
    return _Backwards([word for word, _ in turned], array("I", [n for _, n in turned]))
