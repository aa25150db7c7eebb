"""What the settings of a destination may say, for the adapters to inherit."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    model_validator,
)

from gateway.domain.hsa import is_loose
from gateway.domain.signing import secret_fault
from gateway.domain.tls import Tls


class AdapterSettings(BaseModel):
    """What a destination's `settings` may say; unknown keys are an error, secrets never shown."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _hsa_id(text: str) -> str:
    if not is_loose(text):
        raise ValueError("an HSA-id has letters, digits, '-' and '_' only, and no blanks")
    return text


def _without_credentials(url: HttpUrl) -> HttpUrl:
    if url.username or url.password:
        raise ValueError("leave user name and password out of the address; name a secret instead")
    return url


def _whole_path(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("give the whole path, from the root; the gateway may start anywhere")
    return path


def _signing(secret: SecretStr) -> SecretStr:
    fault = secret_fault(secret.get_secret_value())
    if fault:
        raise ValueError(fault)
    return secret


HsaIdText = Annotated[str, AfterValidator(_hsa_id)]
WebAddress = Annotated[HttpUrl, AfterValidator(_without_credentials)]
WholePath = Annotated[Path, AfterValidator(_whole_path)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing)]


class HttpsSettings(AdapterSettings):
    """
    Inherited by the settings of an adapter that calls an address over HTTPS.

    `tools.http` keeps what is told here: who we are there, and whom alone we trust. That the name
    in the server's certificate is that of the address is looked at always.
    """

    url: WebAddress = Field(description="Where it is called.")
    client_certificate: WholePath | None = Field(
        default=None,
        description="The PEM file with our certificate, and those between it and its authority.",
    )
    client_key: WholePath | None = Field(
        default=None, description="The PEM file with our private key, without a passphrase."
    )
    trusted_ca: WholePath | None = Field(
        default=None,
        description="The PEM file with the authorities, or the certificates themselves, that are "
        "trusted there and nobody else; left out, those that the system trusts.",
    )

    @property
    def tls(self) -> Tls:
        """Give what the client is made with."""
        return Tls(self.client_certificate, self.client_key, self.trusted_ca)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.client_certificate) != bool(self.client_key):
            raise ValueError("client_certificate and client_key go together; tell both, or none")
        if self.url.scheme != "https" and self.tls != Tls():
            raise ValueError(
                "client_certificate, client_key and trusted_ca are for https, and the url is not"
            )
        return self
