"""
A disk without room, for some processes, as any user.

The kernel refuses to let any of their files grow beyond some bytes (RLIMIT_FSIZE): their writes
fail halfway, with EFBIG where a full disk says ENOSPC. So this shows what failed and half writes
do to the database and to the process. It is harsher than a full disk, where what a file has
already may still be written over. Their log is on it as well. It does not show a disk that is full
at the start.
"""

import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

# Ends in the middle of a database page.
_ROOM = 2048


def can_be_full() -> bool:
    """Tell whether limits of other processes can be set on this machine."""
    return sys.platform == "linux"


@contextmanager
def full_for(pids: Callable[[], Iterable[int]]) -> Iterator[None]:
    """Let these processes write nothing more until the block ends, nor those they start."""
    # They were started by us, and have what we have.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    _limit(pids(), (_ROOM, before[1]))
    try:
        yield
    finally:
        _limit(pids(), before)


def _limit(pids: Iterable[int], limits: tuple[int, int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
