"""Words as Swedes spell and misspell them: å, ä and ö are letters, other accents are not (A14)."""

import re
from collections.abc import Iterator
from unicodedata import normalize

_UNUSUAL = re.compile(r"[^\x00-\x7fåäö]")
_GLUE = re.compile("[:'’]")
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Write in small letters and without other accents than those of å, ä and ö."""
    small = normalize("NFC", text).casefold()
    return small.translate(_FOREIGN) if _UNUSUAL.search(small) else small


def words_of(text: str) -> list[str]:
    """Cut a text into words, folded; "S:t" is one word."""
    return _WORD.findall(_GLUE.sub("", folded(text)))


def plain(word: str) -> str:
    """Write a folded word as one does without Swedish keys: å and ä as a, ö as o."""
    return word.replace("å", "a").replace("ä", "a").replace("ö", "o")


def alphabetical(text: str) -> str:
    """Give what to sort a text by, in the order of the Swedish alphabet."""
    # The alphabet ends with å, ä, ö; these three follow z where characters are compared by number.
    return folded(text).replace("å", "{").replace("ä", "|").replace("ö", "}")


def begins_as(word: str, asked: str) -> bool:
    """Tell whether `word` begins with what was asked for, where a and o may stand for å, ä, ö."""
    pairs = zip(asked, word, strict=False)
    return len(asked) <= len(word) and all(a == w or a == plain(w) for a, w in pairs)


def one_error(word: str, letters: str) -> Iterator[str]:
    """Give every text that one typing error, or none, could have turned into `word`."""
    for cut in range(len(word) + 1):
        head, tail = word[:cut], word[cut:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]


def errors_between(one: str, other: str) -> int:
    """Count typing errors: a letter too many, missing or wrong, or two neighbours swapped."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            fewest = min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                fewest = min(fewest, before[j - 2] + 1)
            row.append(fewest)
        before, above = above, row
    return above[-1]


def _foreign() -> dict[int, str]:
    """Tell what Swedes write for letters with other accents, and for those of their neighbours."""
    kin = {ord("ø"): "ö", ord("æ"): "ä"}
    accented = {code: normalize("NFD", chr(code)) for code in range(0xE0, 0x250)}
    bases = {code: parts[0].translate(kin) for code, parts in accented.items() if len(parts) > 1}
    return bases | kin | {ord(letter): letter for letter in "åäö"}


_FOREIGN = _foreign()
