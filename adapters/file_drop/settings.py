"""What a destination that reads files can be told: folders, and the server that they are on."""

import re
from collections.abc import Callable
from typing import Annotated, Literal, Self

import asyncssh
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gateway.adapter import AdapterSettings, SecretStr, WholePath


def _host_key(text: str) -> str:
    try:
        # The library takes other forms too, and private keys: those are not for a route table.
        key = asyncssh.import_public_key(text) if _ONE_LINE.fullmatch(text) else None
    except asyncssh.KeyImportError:
        key = None
    if key is None:
        raise ValueError(
            "write the server's public key as `ssh-keyscan` tells it, without the host name: "
            "'ssh-ed25519 AAAA…'; and let whoever runs the server say that it is theirs"
        )
    return text


_ONE_LINE = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( [^\r\n]*)?")


Host = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\s@/]+$")]
User = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\s]+$")]
HostKey = Annotated[str, AfterValidator(_host_key)]


class FileDropSettings(AdapterSettings):
    """Where files are left and picked up; with `host` on an SFTP server, else on this machine."""

    folder: WholePath = Field(description="Where messages are left; it must be there.")
    format: Literal["json", "xml"] = Field(
        default="json",
        description="How a message is written: as the body of a webhook, or as ProcessCase.",
    )
    replies_folder: WholePath | None = Field(
        default=None,
        description="Where replies are picked up; left out, the system posts them itself.",
    )
    host: Host | None = Field(
        default=None,
        description="The SFTP server that has the folders; left out, this machine has.",
    )
    port: int = Field(default=22, ge=1, le=65535, description="The port of the SFTP server.")
    username: User | None = Field(default=None, description="Who we are at the SFTP server.")
    host_key: HostKey | None = Field(
        default=None,
        description="The SFTP server's public key; a server with another is not spoken to.",
    )
    key_file: WholePath | None = Field(
        default=None,
        description="The file with our private key, without a passphrase, where the gateway runs.",
    )
    password: SecretStr | None = Field(
        default=None, description="Our password there, where they take no key."
    )

    @model_validator(mode="after")
    def _is_a_whole_server(self) -> Self:
        for is_wrong, words in _FAULTS:
            if is_wrong(self):
                raise ValueError(words)
        return self


_SERVERS = ("port", "username", "host_key", "key_file", "password")
_FAULTS: tuple[tuple[Callable[[FileDropSettings], bool], str], ...] = (
    (
        lambda s: s.host is None and not s.model_fields_set.isdisjoint(_SERVERS),
        f"host is missing, and {', '.join(_SERVERS)} are for an SFTP server only; "
        "name the server, or leave them out",
    ),
    (
        lambda s: s.host is not None and s.username is None,
        "username is missing: who we are at the SFTP server",
    ),
    (
        lambda s: s.host is not None and s.host_key is None,
        "host_key is missing: the SFTP server's public key, so that nobody else gets the cases; "
        "it is never taken on trust",
    ),
    (
        lambda s: s.host is not None and s.key_file is None and s.password is None,
        "key_file is missing: the file with our private key; or name a password",
    ),
)
