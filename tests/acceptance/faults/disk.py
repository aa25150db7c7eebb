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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

# Ends in the middle of a database page.
_ROOM = 2048


def can_be_full() -> bool:
    """Tell whether limits of other processes can be set on this machine."""
    return sys.platform == "linux"


@contextmanager
def full_for(pids: Iterable[int]) -> Iterator[None]:
    """Let these processes write nothing more until the block ends."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_ROOM, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
