"""What every command does alike: print whole lines, stop with words, act as an operator."""

import os
import pwd
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from rich.console import Console

from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN
from gateway.flow.caller import Caller, Role
from gateway.settings import Settings

out = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True, highlight=False)


def operator(settings: Settings) -> Caller:
    """Give whoever runs commands on the machine: an operator, by the name that they have there."""
    return Caller(HsaId(settings.hsa_id), "command line", Role.OPERATOR, user=_user())


def national(settings: Settings) -> Caller:
    """Give whoever edits routes on the machine: whoever reaches the database may change them."""
    return Caller(HsaId(settings.hsa_id), "command line", Role.NATIONAL, user=_user())


def line(words: str) -> None:
    """Print one whole line, as it is: it may be read by another program."""
    out.print(words.rstrip(), highlight=False, markup=False)


def moment(at: datetime) -> str:
    """Write a moment as it is in Sweden."""
    return at.astimezone(SWEDEN).isoformat(timespec="seconds")


def instant(text: str, option: str) -> datetime:
    """Read a day or a time as it is said in Sweden; stops when it cannot be read."""
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=SWEDEN)).astimezone(UTC)
    except (ValueError, OverflowError):
        stop(f"{option} {text}: write a day or a time, such as 2027-01-01 or 2027-01-01T08:00")
    return at


def counted(count: int, thing: str) -> str:
    """Write how many things there are, in the right number."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def age(since: timedelta) -> str:
    """Write how long something is ago, in its largest unit: 3 d, 5 h, 12 min, 40 s."""
    seconds = max(0, int(since.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def check_written(arguments: Iterable[str]) -> None:
    """End with exit code 2 where an argument holds bytes that are no text: nobody can keep it."""
    for place, argument in enumerate(arguments, 1):
        # Python takes such bytes for halves of characters, which cannot be written out again.
        if any("\ud800" <= character <= "\udfff" for character in argument):
            stop(f"argument {place} holds bytes that are no text in UTF-8; type it anew", code=2)


def stop(words: str, code: int = 1) -> NoReturn:
    """Tell what is wrong, and end with an exit code."""
    errors.print(words, markup=False)
    sys.exit(code)


def _user() -> str:
    # Of the process, and not of its environment, which anybody can set.
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
