"""
Processes whose clock is wrong, by hours, and jumps while they run.

libfaketime stands between the process and the system's clock: all that asks for the time of day
gets a wrong one, whatever it is written in. What measures how long something takes is right, as it
is when somebody sets a machine's clock.
"""

import platform
import time
from importlib.util import find_spec
from pathlib import Path

# The library looks for a new time so often, and not oftener.
_SEEN_WITHIN_S = 1


def can_be_wrong() -> bool:
    """Tell whether the library runs on this machine; it is built for Linux on x86-64."""
    return (platform.system(), platform.machine()) == ("Linux", "x86_64")


def own_clock(file: Path) -> dict[str, str]:
    """Give the environment where a process goes by the clock in a file; at first it is right."""
    if not can_be_wrong():
        return {}
    if not file.exists():
        file.write_text("+0h")
    return {
        "LD_PRELOAD": str(_library()),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": str(_SEEN_WITHIN_S),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def set_ahead(file: Path, hours: int) -> None:
    """Put a clock so many hours ahead, or back; returns when it is seen."""
    file.write_text(f"{hours:+}h")
    time.sleep(_SEEN_WITHIN_S + 0.1)


def _library() -> Path:
    found = find_spec("libfaketime")
    if found is None or found.origin is None:
        raise RuntimeError("libfaketime is not installed; run `make` to install what tests need")
    return Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
