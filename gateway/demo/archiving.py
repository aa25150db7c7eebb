"""Taking a case to the diary and the archive, as a registrar does (DOMAIN E3)."""

import hashlib
from io import BytesIO
from zipfile import ZipFile

import httpx

_CHECKSUMS = "checksums.txt"


def take_out(http: httpx.Client, number: str) -> int:
    """
    Record the diary number of a case and fetch its package; gives how many files are in it.

    Raises httpx.HTTPError, or ValueError when the package is not what its checksums say.
    """
    diary = {"diaryNumber": f"PN {number}"}
    http.put(f"/unit-inbox/{number}/diary-number", json=diary).raise_for_status()
    return checked(http.get(f"/unit-inbox/{number}/package").raise_for_status().content)


def checked(package: bytes) -> int:
    """Count the files of a package; raises ValueError when one is not what was packed."""
    with ZipFile(BytesIO(package)) as files:
        lines = files.read(_CHECKSUMS).decode().splitlines()
        said = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
        found = {
            name: hashlib.sha256(files.read(name)).hexdigest()
            for name in files.namelist()
            if name != _CHECKSUMS
        }
    if found != said:
        raise ValueError("the package of a case does not fit its checksums")
    return len(found)
