"""The words of the pages: catalogues in two languages, Swedish first (AESTHETICS: plain words)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request

SWEDISH, ENGLISH = "sv", "en"
LANGUAGES = (SWEDISH, ENGLISH)
COOKIE = "vaxel-language"

_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Words:
    """One language; raises KeyError for a key that it does not have."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Give the words of a key, with values put in."""
        return self.texts[key].format(**values)

    def has(self, key: str) -> bool:
        """Tell whether there are words for a key."""
        return key in self.texts


@cache
def words(language: str) -> Words:
    """Give the words of one of LANGUAGES: its folder has a file for each group of pages."""
    texts: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        texts |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return Words(language, texts)


def words_for(request: Request) -> Words:
    """Give the words of the language that a browser wants."""
    accepted = request.headers.get("accept-language", "")
    return words(chosen(request.cookies.get(COOKIE), accepted))


def chosen(cookie: str | None, accepted: str) -> str:
    """Choose the language: as clicked, else the first we have of Accept-Language, else Swedish."""
    if cookie in LANGUAGES:
        return cookie
    for one in accepted.lower().split(","):
        language = one.partition(";")[0].strip().partition("-")[0]
        if language in LANGUAGES:
            return language
    return SWEDISH


def _flat(table: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():  # values are texts or tables of them
        if isinstance(value, dict):
            yield from _flat(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value
