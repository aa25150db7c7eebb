"""Settings from `VAXEL_…` variables and vaxel.toml, checked whole; refuse to start when wrong."""

import difflib
import os
from collections import Counter
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    UrlConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from gateway.adapter import HsaIdText
from gateway.domain.errors import StartRefused
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.retention import LONGEST_MONTHS
from gateway.flow.caller import INBOX_ROLES, REGION_ROLES, Role
from gateway.settings.alerts import AlertSettings
from gateway.settings.anonymous import AnonymousSecret
from gateway.settings.attachments import AttachmentStoreSettings
from gateway.settings.citizen_sign_in import CitizenSignIn
from gateway.settings.clock import ClockSettings
from gateway.settings.malware import MalwareScan
from gateway.settings.notices import NoticeSettings
from gateway.settings.sign_in import SignIn

PREFIX = "VAXEL_"
FILE = "vaxel.toml"

_MIB = 1024 * 1024

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
HeaderName = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[a-zA-Z0-9-]+$")]
Filled = Annotated[str, StringConstraints(min_length=1)]
# INTEROP §3.2: what a catalogue takes as an address.
PublicUrl = Annotated[
    str, StringConstraints(pattern=r"^https?://[0-9a-zA-Z_.:/-]{1,150}[0-9a-zA-Z]$")
]

# INTEROP §2.5: VP's own and Traefik's; RFC 9440 is what newer proxies send.
CERTIFICATE_HEADERS = ("x-vp-auth-cert", "x-forwarded-tls-client-cert", "client-cert")


def _port_exists(bind: str) -> str:
    if int(bind.rpartition(":")[2]) > 65_535:
        raise ValueError("a port is at most 65535")
    return bind


AddressAndPort = Annotated[
    str, StringConstraints(pattern=r"^[^\s:]+:\d{1,5}$"), AfterValidator(_port_exists)
]


def _not_in_the_clear(place: str) -> str:
    if "://" in place:
        try:
            _HTTPS.validate_python(place)
        except ValidationError:  # whose words would repeat the address
            raise ValueError("give a file, or a whole address that begins with https://") from None
    return place


_HTTPS = TypeAdapter(Annotated[AnyUrl, UrlConstraints(allowed_schemes=["https"])])


class CallerSettings(BaseModel):
    """
    One known caller.

    `keys_sha256` are digests of its API keys, two while one is changed; `oauth_client` is what the
    issuer of tokens calls it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hsa_id: HsaIdText
    name: str
    role: Role
    keys_sha256: tuple[Sha256, ...] = ()
    oauth_client: Filled | None = None
    units: tuple[HsaIdText, ...] = ()
    regions: tuple[Filled, ...] = ()
    may_tell_original_consumer: bool = False

    @model_validator(mode="after")
    def _only_staff_have_units(self) -> Self:
        if (self.role in INBOX_ROLES) != bool(self.units):
            raise ValueError("staff, and nobody else, have units: those whose inbox they work in")
        return self

    @model_validator(mode="after")
    def _only_some_have_regions(self) -> Self:
        if (self.role in REGION_ROLES) != bool(self.regions):
            words = (
                "an integrator and a regional follow-up, and nobody else, have regions: those "
                "whose routes the one edits, and whose statistics the other reads"
            )
            raise ValueError(words)
        return self


class TlsSettings(BaseModel):
    """TLS that ends here: PEM files; with `client_ca` callers are asked for certificates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    certificate: Path
    key: Path
    client_ca: Path | None = None


class OauthSettings(BaseModel):
    """Whose tokens are taken, and those made out to whom; `jwks` is a file or an https address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Filled
    audience: Filled
    jwks: Annotated[Filled, AfterValidator(_not_in_the_clear)]


class Settings(BaseSettings):
    """
    All that can be set.

    `waiting_limit` is how many cases may wait for the disk before senders are asked to come back.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", toml_file=FILE, extra="forbid", frozen=True
    )

    database_url: SecretStr = SecretStr("sqlite:///var/vaxel.sqlite3")
    routing_rules: Path = Path("routing_rules")
    routes_snapshot: Path = Path("var/routes.snapshot")
    hsa_id: HsaIdText = "SE5560000000-VAXEL"
    name: str = "vaxel"
    bind: AddressAndPort = "127.0.0.1:8177"
    public_url: PublicUrl | None = None
    metrics_bind: AddressAndPort | None = None
    metrics_peers: tuple[IPvAnyNetwork, ...] = (
        IPv4Network("127.0.0.1/32"),
        IPv6Network("::1/128"),
    )
    alerts: AlertSettings = AlertSettings()
    attachment_store: AttachmentStoreSettings = AttachmentStoreSettings()
    clock: ClockSettings = ClockSettings()
    notices: NoticeSettings = NoticeSettings()
    tls: TlsSettings | None = None
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    certificate_headers: tuple[HeaderName, ...] = CERTIFICATE_HEADERS
    oauth: OauthSettings | None = None
    sign_in: SignIn = None
    anonymous_secret: AnonymousSecret = None
    citizen_sign_in: CitizenSignIn = None
    callers: tuple[CallerSettings, ...] = ()
    secrets: dict[str, SecretStr] = {}
    largest_request: Annotated[int, Field(ge=65_536, le=50 * _MIB)] = 15_728_640
    # In SOAP, base64 must stay under libxml2's ten million characters: 7 MiB of a file.
    attachment_bytes: Annotated[int, Field(ge=1, le=100 * _MIB)] = 5 * _MIB
    attachments: Annotated[int, Field(ge=0, le=100)] = 10
    media_types: frozenset[MediaType] = Limits().media_types
    malware_scan: MalwareScan = None
    waiting_limit: Annotated[int, Field(ge=1)] = 1000
    unmatched_months: Annotated[int, Field(ge=1, le=LONGEST_MONTHS)] | None = None

    @field_validator("callers")
    @classmethod
    def _callers_are_told_apart(
        cls, callers: tuple[CallerSettings, ...]
    ) -> tuple[CallerSettings, ...]:
        ids = Counter(HsaId(caller.hsa_id) for caller in callers)
        keys = Counter(key for caller in callers for key in caller.keys_sha256)
        clients = Counter(caller.oauth_client for caller in callers if caller.oauth_client)
        if twice := [str(one) for one, times in ids.items() if times > 1]:
            raise ValueError(f"{', '.join(twice)} stands here twice; one caller has one entry")
        if max(keys.values(), default=1) > 1:
            raise ValueError("two callers have the same key; give each its own")
        if max(clients.values(), default=1) > 1:
            raise ValueError("two callers have the same oauth_client; give each its own")
        return callers

    @property
    def limits(self) -> Limits:
        """What attachments may be."""
        return Limits(self.attachment_bytes, self.attachments, self.media_types)

    @property
    def address(self) -> str:
        """Where others reach the gateway."""
        return self.public_url or f"{'https' if self.tls else 'http'}://{self.bind}"

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port to listen on; 0 lets the system choose."""
        return int(self.bind.rpartition(":")[2])

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def read_settings() -> Settings:
    """Read the settings; raises StartRefused with every fault, never with a value."""
    faults = _unknown_variables()
    try:
        settings = Settings()
    except ValidationError as error:
        faults += [f"settings: {_place(e['loc'])}: {e['msg']}" for e in error.errors()]
    except SettingsError as error:
        faults.append(f"settings: {error}; a list or a table in a variable is written as JSON")
    except ValueError as error:  # TOML that cannot be read
        faults.append(f"{FILE}: {error}")
    else:
        if not faults:
            return settings
    raise StartRefused("\n".join(faults))


def _unknown_variables() -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    asked = [name for name in os.environ if name.upper().startswith(PREFIX)]
    unknown = [name for name in asked if _without_prefix(name).split("__")[0] not in known]
    return [f"settings: {name} is no setting{_did_you_mean(name, known)}" for name in unknown]


def _did_you_mean(name: str, known: list[str]) -> str:
    # What every name begins with would make any two of them alike.
    close = difflib.get_close_matches(_without_prefix(name), known, n=1)
    return f"; did you mean {PREFIX}{close[0]}?" if close else ""


def _without_prefix(name: str) -> str:
    return name.upper().removeprefix(PREFIX)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or FILE
