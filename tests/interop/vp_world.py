"""A small country to ask a platform's questions in: regions, a directory's tree, permissions."""

import hashlib
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from starlette.testclient import TestClient

from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.flow.caller import Caller, Role
from gateway.flow.permission import PROCESS_CASE
from gateway.routes.build import build
from gateway.routes.draft import Draft
from tests.doors import make_doors

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CONTRACTS = Path(__file__).parents[2] / "wsdl"
GATEWAY = "SE5560000000-VAXEL"

# A platform's own test data, as it is called there; our own units have ids of the directory.
EXPLICIT, FIRST, SECOND = "SE2321009101-HTTP", "SE2321009101-FIRST", "SE2321009101-SECOND"
CHILD, BETWEEN, NODE = "SE0000000001-1234", "SE0000000002-1234", "SE0000000003-1234"
TOP, OTHER_CHILD, OTHER_NODE = "SE0000000004-1234", "SE0000000005-1234", "SE0000000006-1234"
WITH_DEFAULT, NOBODY, TP = "SenderWithDefaultBehorighet", "AnySender", "tp"
ROUTES_ONLY = "SenderWithoutTree"

_REGION = """\
name = "Nordmark"
code = "91"
[committee]
hsa_id = "SE2321009101-PATN"
name = "Patientnämnden"
destination = "explicit"
"""
_UNITS = f"""\
hsa_id,name,place,provider,parent,destination,valid_from,valid_to,below
{EXPLICIT},Enhet,Norrfors,,,explicit,,,
{FIRST},Enhet,Norrfors,,,first,,,
{SECOND},Enhet,Norrfors,,,second,,,
{NODE},Enhet,Norrfors,,,tree,,,yes
{OTHER_NODE},Enhet,Norrfors,,,tree,,,
"""
_PERMISSIONS = f"""\
sender,contract,address,valid_from,valid_to,below
{WITH_DEFAULT},{PROCESS_CASE},*,,,
{TP},{PROCESS_CASE},ReceiverWithNoExplicitVagval,,,
{TP},{PROCESS_CASE},{FIRST},,,
{TP},{PROCESS_CASE},{SECOND},,,
{TP},{PROCESS_CASE},receiver-1,,,
{TP},{PROCESS_CASE},{NODE},,,yes
{TP},{PROCESS_CASE},{OTHER_NODE},,,yes
{ROUTES_ONLY},{PROCESS_CASE},{NODE},,,
"""
_DIRECTORY = {
    TOP: "o=T",
    NODE: "ou=N,o=T",
    BETWEEN: "ou=B,ou=N,o=T",
    CHILD: "ou=C,ou=B,ou=N,o=T",
    OTHER_NODE: "o=O",
    OTHER_CHILD: "ou=C,o=O",
}


def make_table(*, default: bool = True) -> RouteTable:
    """Check and compile the country's files, as they would be published."""
    names = ("explicit", "first", "second", "tree", "default")
    destinations = "".join(_destination(name) for name in names)
    national = '[[tree]]\nfile = "hsa.xml"\n'
    national += '[default]\ndestination = "nordmark/default"\n' if default else ""
    files = {
        "nordmark/region.toml": _REGION + destinations,
        "nordmark/units.csv": _UNITS,
        "national.toml": national,
        "permissions.csv": _PERMISSIONS,
        "hsa.xml": _directory(),
    }
    built = build(Draft({name: text.encode() for name, text in files.items()}), lambda _: [])
    assert isinstance(built, RouteTable), built
    return built


def make_client(table: RouteTable, store, peer: str = "127.0.0.1") -> TestClient:
    """Open all doors before a table; the peer is a trusted proxy when it is this machine."""
    callers = [
        Caller(HsaId(name), name, Role.E_SERVICE)
        for name in (WITH_DEFAULT, NOBODY, TP, ROUTES_ONLY)
    ]
    callers.append(Caller(HsaId("SYSTEM"), "SYSTEM", Role.CASE_SYSTEM))
    doors = make_doors(
        store,
        table,
        lambda: NOW,
        identity=Identity(
            [KnownCaller(caller, _digest_of_name(caller)) for caller in callers],
            [ip_network("127.0.0.0/8")],
        ),
        name="vaxel-test",
        hsa_id=HsaId(GATEWAY),
        largest_request=16_000_000,
        contracts=CONTRACTS,
    )
    return TestClient(make_app(doors), client=(peer, 4711))


def _digest_of_name(caller: Caller) -> frozenset[str]:
    """Let a caller's API key be its name."""
    return frozenset({hashlib.sha256(caller.name.encode()).hexdigest()})


def _destination(name: str) -> str:
    return (
        f'[destinations.{name}]\ntitle = "{name}"\nadapter = "rest"\nsystem = "SE2321009101-S"\n'
    )


def _directory() -> str:
    units = "".join(
        f"<hsaUnit><hsaIdentity>{hsa_id}</hsaIdentity><DN>{dn}</DN><name>Enhet</name></hsaUnit>"
        for hsa_id, dn in _DIRECTORY.items()
    )
    namespace = "urn:riv:hsa:HsaWsResponder:3"
    return f'<HsaUnitsResponse xmlns="{namespace}"><hsaUnits>{units}</hsaUnits></HsaUnitsResponse>'
