"""A small region that is right, and a way to spoil it in one place."""

import pytest

from gateway.domain.routing import RouteTable
from gateway.routes.build import build
from gateway.routes.draft import Draft

REGION = """\
name = "Region Nordmark"
code = "91"

[committee]
hsa_id = "SE2321009101-PATN"
name = "Patientnämnden"
destination = "inkorg"

[destinations.inkorg]
title = "Enhetens inkorg"
adapter = "inbox"
settings = { owner = "SE2321009101-KVAL" }

[destinations.system]
title = "Avvikelsesystemet"
adapter = "rest"
system = "SE2321009101-SYS"

[destinations.system.settings]
url = "http://127.0.0.1:1/cases"

[destinations.system.policy]
concurrency = 2

[[rules]]
name = "Synpunkter på lasarettet"
kind = "FEEDBACK"
under = "SE2321009101-SJH"
destination = "inkorg"

[[rules]]
name = "Resten"
destination = "system"

[[examples]]
why = "Kliniken ärver"
hsa_id = "SE2321009101-KLIN"
at = 2026-06-01
goes_to = "system"
"""

UNITS = """\
hsa_id,name,place,provider,parent,destination,valid_from,valid_to
SE2321009101-VC,Vårdcentralen,Norrfors,,,inkorg,,
SE2321009101-SJH,Lasarettet,Norrfors,,,@rules,,
SE2321009101-KLIN,Kliniken,Norrfors,,SE2321009101-SJH,@parent,,
SE2321009101-BYT,Byter,Norrfors,,,inkorg,,2026-12-31
SE2321009101-BYT,Byter,Norrfors,,,system,2027-01-01,
"""

OTHER = REGION.replace("2321009101", "2321009202").replace('"91"', '"92"').split("[[rules]]")[0]
OTHER_UNITS = f"{UNITS.splitlines()[0]}\nSE2321009202-VC,Vårdcentralen,Sydhamn,,,inkorg,,\n"


@pytest.fixture
def files():
    """Two regions that are right, by file."""
    return {
        "nordmark/region.toml": REGION,
        "nordmark/units.csv": UNITS,
        "sydvik/region.toml": OTHER,
        "sydvik/units.csv": OTHER_UNITS,
    }


@pytest.fixture
def told(files):
    """Change a text in a file, once for each change, and tell what is found then."""

    def tell(*changes):
        for file, old, new in changes:
            assert old in files[file]
            files[file] = files[file].replace(old, new, 1)
        return findings(files)

    return tell


@pytest.fixture
def table(files, table_of):
    """The table of the two regions."""
    return table_of(files)


@pytest.fixture
def table_of():
    """Make a table of files that are right."""

    def make(files):
        built = build(draft(files), adapter_faults)
        assert isinstance(built, RouteTable), built
        return built

    return make


@pytest.fixture
def told_of():
    """Tell what is found in files."""
    return findings


def findings(files):
    """Check files and word the findings."""
    built = build(draft(files), adapter_faults)
    return [] if isinstance(built, RouteTable) else [str(finding) for finding in built]


def draft(files):
    """Make a draft of texts, or of bytes."""
    return Draft(
        {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    )


def adapter_faults(destination):
    """Judge as the gateway's adapters would."""
    match destination.adapter, "url" in destination.settings:
        case ("inbox", _) | ("rest", True):
            return []
        case "rest", False:
            return ["url is missing"]
        case _:
            return [f"there is no adapter {destination.adapter!r}"]
