"""Processes that are there and do nothing: a machine that is paused, a disk that hangs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def standing_still(*processes: psutil.Process) -> Iterator[list[psutil.Process]]:
    """
    Let processes, and all that they have started, do nothing until the block ends.

    Their sockets take what is sent. Gives all that stand still; some may be killed meanwhile.
    """
    still: list[psutil.Process] = []
    try:
        for process in processes:
            # First, so that it starts no other.
            process.suspend()
            still += [process, *_suspended(process.children(recursive=True))]
        yield still
    finally:
        for one in still:
            with suppress(psutil.NoSuchProcess):
                one.resume()


def _suspended(processes: list[psutil.Process]) -> Iterator[psutil.Process]:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
            yield process
