"""The routing rules as they were written, byte for byte: what is checked, published and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

from gateway.routes.finding import Finding, Rule

REGION_FILE = "region.toml"
UNITS_FILE = "units.csv"
NATIONAL_FILE = "national.toml"
PERMISSIONS_FILE = "permissions.csv"
# The directory's file, alone or in the ZIP that it comes in.
TREE_SUFFIXES = (".xml", ".zip")


@dataclass(frozen=True, slots=True)
class Draft:
    """
    The files of all regions by "<region>/<file name>", national ones by their name alone.

    Nothing is judged yet. `findings` tells what could not even be read from disk.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()

    @property
    def regions(self) -> list[str]:
        """The regions' folder names, in order."""
        return sorted({path.split("/")[0] for path in self.files if "/" in path})

    @property
    def version(self) -> str:
        """A short hash: the same files, the same version."""
        digest = sha256()
        for path in sorted(self.files):
            digest.update(f"{path}\0{len(self.files[path])}\0".encode())
            digest.update(self.files[path])
        return digest.hexdigest()[:12]


def read(folder: Path) -> Draft:
    """Read every region's folder and the national files; what cannot be read is a finding."""
    try:
        beside = [path for path in folder.iterdir() if not path.name.startswith((".", "_"))]
        listing = {path.name: _listed(path) for path in beside if path.is_dir()}
    except OSError as error:
        words = f"{error.filename} cannot be read ({error.strerror}); is the folder's name right?"
        return Draft({}, (Finding(".", 0, Rule.NO_REGIONS, words),))
    national = [path for path in beside if path.suffix in _NATIONAL and path.is_file()]
    files: dict[str, bytes] = {}
    findings = [Finding(region, 0, *_EMPTY) for region, paths in listing.items() if not paths]
    for path in chain(national, *listing.values()):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            words = f"cannot be read ({error.strerror})"
            findings.append(Finding(name, 0, Rule.UNREADABLE, words))
    return Draft(files, tuple(findings))


_NATIONAL = (".toml", ".csv", *TREE_SUFFIXES)
_EMPTY = (
    Rule.MISSING_FILE,
    f"a region has {REGION_FILE} and {UNITS_FILE}; add them, or remove the folder",
)


def _listed(region: Path) -> list[Path]:
    return [path for path in region.iterdir() if path.suffix in (".toml", ".csv")]
