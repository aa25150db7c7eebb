"""Leave files in a folder of their own, all at once."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import PurePath

from adapters.file_drop.place import Place, Unsure, told


def leave(place: Place, files: Mapping[str, bytes], target: PurePath) -> None:
    """
    Make the folder `target` with these files and a manifest, all at once; a repeat does nothing.

    Raises OSError when it cannot be, and then there is no such folder; Unsure when there may be.
    """
    names = {entry.name for entry in place.entries(target.parent)}
    if target.name not in names:
        for left in names:
            if left.startswith(f".{target.name}."):
                _clear_away(place, target.parent / left, target)
        with _filled(place, target, files) as whole:
            _move_in(place, whole, target)
    try:
        place.settle(target.parent)
    except OSError as error:
        raise Unsure(told("it is written, and may not be on disk", error)) from None


def lies_there(place: Place, target: PurePath) -> bool:
    """Tell whether the folder `target` lies there; raises OSError when its own folder is gone."""
    if place.has(target):
        return True
    if not place.leads_to_folder(target.parent):
        raise NotADirectoryError(None, "it is not there")
    return False


def _clear_away(place: Place, left: PurePath, target: PurePath) -> None:
    """
    Remove what a worker left that was killed on the way, or was taken for dead and is still at it.

    Under another name first: that worker could give it its right name when half of it is gone.
    """
    aside = _hidden(target)
    with suppress(FileNotFoundError):
        place.rename(left, aside)
        if place.has_folder(aside):
            place.remove_folder(aside)
        else:
            # A link of whoever may write there: what it leads to is not ours to clear away.
            place.remove(aside)


@contextmanager
def _filled(place: Place, target: PurePath, files: Mapping[str, bytes]) -> Iterator[PurePath]:
    """Give a folder under another name with everything on disk, the manifest last."""
    making = _hidden(target)
    place.make_folder(making, mode=0o770)
    try:
        for file, content in files.items():
            place.write(making / file, content)
        place.write(making / "manifest.json", _manifest(files))
        place.settle(making)
        yield making
    except BaseException:
        place.remove_folder(making)
        raise


def _hidden(target: PurePath) -> PurePath:
    """Give a name beside it that nobody has, and that nobody reads."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}")


def _manifest(files: Mapping[str, bytes]) -> bytes:
    listed = [
        {"file": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for file, content in files.items()
    ]
    return json.dumps({"files": listed}, indent=2).encode()


def _move_in(place: Place, whole: PurePath, target: PurePath) -> None:
    try:
        place.rename(whole, target)
    except Unsure:
        raise
    except OSError:
        # A worker that was taken for dead may have left the very same there meanwhile.
        if not place.has(target):
            raise
        place.remove_folder(whole)
