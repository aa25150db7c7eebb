"""The demo's own site: a folder with settings, keys and the example routes at free addresses."""

import hashlib
import json
import re
import secrets
import shutil
import tomllib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from gateway.demo import e_service, staff
from gateway.demo.cases import STAFFED_UNITS, SWITCHING_UNIT
from gateway.demo.people import SIGN_INS, SignIn
from gateway.flow.caller import Role
from gateway.settings import FILE
from gateway.testing.certificates import Authority, make_authority
from gateway.testing.ports import free_ports

# Beside the packages, in a checkout and in an installed wheel alike.
EXAMPLES = Path(__file__).parents[2] / "routing_rules"

HSA_ID = "SE5560000000-VAXEL"
OPERATOR_HSA_ID = "SE5560000000-DRIFT"
OPERATOR_KEY_FILE = "operator.key"


@dataclass(frozen=True, slots=True)
class System:
    """An external case system of the example routes: `name` is its destination's."""

    region: str
    name: str
    hsa_id: str
    is_soap: bool


AVVIKELSE = System("nordmark", "avvikelse", "SE2321009101-AVVIKELSE", is_soap=True)
PLATINA = System("sydvik", "platina", "SE2321009202-PLATINA", is_soap=True)
SYNERGI = System("sydvik", "synergi", "SE2321009202-SYNERGI", is_soap=False)
SYSTEMS = (AVVIKELSE, PLATINA, SYNERGI)


@dataclass(frozen=True, slots=True)
class Keys:
    """Fresh secrets of one run."""

    e_service: str = field(default_factory=secrets.token_urlsafe, repr=False)
    staff: str = field(default_factory=secrets.token_urlsafe, repr=False)
    operator: str = field(default_factory=secrets.token_urlsafe, repr=False)
    sign_in: str = field(default_factory=secrets.token_urlsafe, repr=False)
    sessions: str = field(default_factory=secrets.token_urlsafe, repr=False)
    codes: str = field(default_factory=secrets.token_urlsafe, repr=False)
    synergi: str = field(default_factory=secrets.token_urlsafe, repr=False)
    signing: str = field(
        default_factory=lambda: f"whsec_{b64encode(secrets.token_bytes(48)).decode()}", repr=False
    )


@dataclass(frozen=True, slots=True)
class Site:
    """A folder where the gateway can be started, and the ports of everybody."""

    folder: Path
    today: date
    gateway_port: int
    provider_ports: dict[str, int]
    system_ports: dict[str, int]
    keys: Keys
    authority: Authority

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens."""
        return f"https://127.0.0.1:{self.gateway_port}"

    def provider_url(self, sign_in: SignIn) -> str:
        """Where a stand-in identity provider listens."""
        return f"http://127.0.0.1:{self.provider_ports[sign_in.table]}"

    def system_url(self, system: System) -> str:
        """Where a stand-in system listens."""
        return f"http://127.0.0.1:{self.system_ports[system.name]}"


def make_site(folder: Path, today: date) -> Site:
    """
    Write everything that the gateway needs to start in `folder`.

    `today` is the date in Sweden: the day when the switching unit gets its external system.
    """
    ports = iter(free_ports(1 + len(SIGN_INS) + len(SYSTEMS)))
    site = Site(
        folder,
        today,
        gateway_port=next(ports),
        provider_ports={sign_in.table: next(ports) for sign_in in SIGN_INS},
        system_ports={system.name: next(ports) for system in SYSTEMS},
        keys=Keys(),
        authority=make_authority(folder / "certificates"),
    )
    shutil.copytree(EXAMPLES, folder / "routing_rules", ignore=shutil.ignore_patterns("__*"))
    for region in sorted((folder / "routing_rules").iterdir()):
        _adapt_region(site, region)
    _switch_today(folder / "routing_rules/nordmark/units.csv", today)
    _write_private(folder / FILE, _settings(site))
    _write_private(folder / OPERATOR_KEY_FILE, site.keys.operator)
    for sign_in in SIGN_INS:
        (folder / sign_in.people_file).write_text(json.dumps(sign_in.people), encoding="utf-8")
    return site


def _adapt_region(site: Site, region: Path) -> None:
    file = region / "region.toml"
    text = file.read_text(encoding="utf-8")
    for system in SYSTEMS:
        if system.region == region.name:
            text = _moved(text, system.name, site.system_ports[system.name])
    for destination in tomllib.loads(text)["destinations"]:
        text = _impatient(text, destination)
    file.write_text(text, encoding="utf-8")


def _moved(text: str, destination: str, port: int) -> str:
    """Change the port in the url of one destination."""
    url = rf"(\[destinations\.{destination}\.settings\]\nurl = \"http://127\.0\.0\.1):\d+"
    moved, count = re.subn(url, rf"\1:{port}", text)
    if count != 1:
        raise AssertionError(f"{destination} has no url that the demo can change")
    return moved


def _impatient(text: str, destination: str) -> str:
    """Replace a destination's policy by one that fits in half a minute."""
    header = f"[destinations.{destination}.policy]\n"
    bare = re.sub(rf"{re.escape(header)}(?:\w+ = .*\n)*", "", text)
    return f"{bare}\n{header}{_POLICY}"


_POLICY = """\
connect_timeout_s = 1
read_timeout_s = 5
first_retry_s = 0.5
longest_retry_s = 2
"""


def _switch_today(units: Path, today: date) -> None:
    """Let one unit have the inbox until yesterday and the system from today (DOMAIN B4)."""
    text = units.read_text(encoding="utf-8")
    now = re.compile(rf"^({SWITCHING_UNIT},.*),inkorg,,$", re.MULTILINE)
    yesterday = today - timedelta(days=1)
    switched, count = now.subn(rf"\1,inkorg,,{yesterday}\n\1,{AVVIKELSE.name},{today},", text)
    if count != 1:
        raise AssertionError(f"{SWITCHING_UNIT} has no inbox row that the demo can change")
    units.write_text(switched, encoding="utf-8")


def _settings(site: Site) -> str:
    keys, own = site.keys, site.authority.issue("gateway", hosts=["127.0.0.1"])
    return "\n".join(
        [
            f'hsa_id = "{HSA_ID}"',
            f'bind = "127.0.0.1:{site.gateway_port}"',
            f'anonymous_secret = "{keys.codes}"',
            f'secrets = {{ sydvik_synergi = "{keys.signing}" }}',
            _caller(e_service.HSA_ID, "E-tjänsten", Role.E_SERVICE, keys.e_service),
            _caller(staff.HSA_ID, "Personalen", Role.CASE_RECEIVER, keys.staff, STAFFED_UNITS),
            _caller(OPERATOR_HSA_ID, "Driften", Role.OPERATOR, keys.operator),
            *(_system(system, keys) for system in SYSTEMS),
            f'\n[tls]\ncertificate = "{own.certificate}"\nkey = "{own.key}"',
            f'client_ca = "{site.authority.certificate}"\n',
            *(
                sign_in.settings(site.provider_url(sign_in), keys.sign_in, keys.sessions)
                for sign_in in SIGN_INS
            ),
        ]
    )


def _system(system: System, keys: Keys) -> str:
    key = None if system.is_soap else keys.synergi
    return _caller(system.hsa_id, system.name, Role.CASE_SYSTEM, key)


def _caller(hsa_id: str, name: str, role: Role, key: str | None, units: Iterable[str] = ()) -> str:
    digests = [hashlib.sha256(key.encode()).hexdigest()] if key else []
    return (
        f'\n[[callers]]\nhsa_id = "{hsa_id}"\nname = "{name}"\nrole = "{role.value}"\n'
        f"keys_sha256 = {json.dumps(digests)}\nunits = {json.dumps(list(units))}"
    )


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
