"""The files of a publication as one archive, in the database and in a snapshot beside it."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from gateway.domain.publication import Files

# Far above what 100,000 units take: an archive that says more is none of ours (bytes).
LARGEST = 512 * 1024 * 1024
# The same files give the same archive, whenever it is made.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files by their paths."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return whole.getvalue()


def unpacked(data: bytes) -> Files:
    """Unpack what `packed` has made; raises ValueError when it is something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise ValueError("an archive of routes unpacks to more than any table takes")
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise ValueError("an archive of routes cannot be read") from error
