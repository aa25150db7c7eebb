"""The routing rules as they were written, byte for byte: what is checked, published and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gateway.routes.finding import Finding, Rule

REGION_FILE = "region.toml"
UNITS_FILE = "units.csv"


@dataclass(frozen=True, slots=True)
class Draft:
    """
    The files of all regions by "<region>/<file name>", nothing judged yet.

    `findings` tells what could not even be read from disk.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()

    @property
    def regions(self) -> list[str]:
        """The regions' folder names, in order."""
        return sorted({path.split("/")[0] for path in self.files})

    @property
    def version(self) -> str:
        """A short hash: the same files, the same version."""
        digest = sha256()
        for path in sorted(self.files):
            digest.update(f"{path}\0{len(self.files[path])}\0".encode())
            digest.update(self.files[path])
        return digest.hexdigest()[:12]


def read(folder: Path) -> Draft:
    """Read every region's folder; what cannot be read becomes a finding."""
    try:
        listing = {path.name: _listed(path) for path in folder.iterdir() if _is_region(path)}
    except OSError as error:
        words = f"{error.filename} cannot be read ({error.strerror}); is the folder's name right?"
        return Draft({}, (Finding(".", 0, Rule.NO_REGIONS, words),))
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for region, paths in listing.items():
        if not paths:
            words = f"a region has {REGION_FILE} and {UNITS_FILE}; add them, or remove the folder"
            findings.append(Finding(region, 0, Rule.MISSING_FILE, words))
        for path in paths:
            try:
                files[f"{region}/{path.name}"] = path.read_bytes()
            except OSError as error:
                words = f"cannot be read ({error.strerror})"
                findings.append(Finding(f"{region}/{path.name}", 0, Rule.UNREADABLE, words))
    return Draft(files, tuple(findings))


def _is_region(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith((".", "_"))


def _listed(region: Path) -> list[Path]:
    return [path for path in region.iterdir() if path.suffix in (".toml", ".csv")]
