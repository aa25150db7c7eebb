"""Files replaced whole: a reader sees the old bytes or the new ones, also after a power cut."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def replaced(path: Path, data: bytes) -> None:
    """
    Put new bytes in the place of a file, with the file's own rights; a new one is its owner's.

    Raises OSError when that cannot be done: the old file stays then, and nothing beside it.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as new:
        begun = Path(new.name)
        try:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
            if path.exists():
                begun.chmod(path.stat().st_mode)
            begun.replace(path)
        except BaseException:
            begun.unlink(missing_ok=True)
            raise
