"""What operators are alerted of, and how they are reached (DOMAIN G2)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from gateway.adapter import SigningSecret, WebAddress
from gateway.wire.mail import MailServer

# As every mail server takes them, and nothing that a head could be read otherwise by.
MailAddress = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$")
]


class MailServerSettings(BaseModel):
    """What takes our e-mail; with `starttls` the server must offer it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: Annotated[str, StringConstraints(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    starttls: bool = True
    username: str | None = None
    password: SecretStr | None = None
    sender: MailAddress

    @model_validator(mode="after")
    def _who_signs_in_has_both(self) -> Self:
        if bool(self.username) != bool(self.password):
            raise ValueError("username and password go together; set both, or neither")
        if self.password and not self.password.get_secret_value().isascii():
            raise ValueError("password holds characters that mail servers do not take; use ASCII")
        return self

    @model_validator(mode="after")
    def _passwords_are_not_shown_to_the_network(self) -> Self:
        if self.username and not self.starttls:
            raise ValueError("a password is sent only over TLS; set starttls, or no username")
        return self

    def server(self) -> MailServer:
        """Give the server, with its password; nothing is opened."""
        password = self.password.get_secret_value() if self.password else None
        return MailServer(self.host, self.port, self.starttls, self.username, password)


class MailSettings(MailServerSettings):
    """Where alerts are sent by e-mail."""

    to: Annotated[tuple[MailAddress, ...], Field(min_length=1)]


class AlertSettings(BaseModel):
    """What is alerted, and whereto; the log has every alert whatever is set here (DOMAIN G2)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    delivered_within_s: Annotated[float, Field(gt=0, le=31_536_000)] = 3600.0
    receipt_within_days: Annotated[float, Field(gt=0, le=3650)] | None = None
    webhook_url: WebAddress | None = None
    webhook_secret: SigningSecret | None = None
    mail: MailSettings | None = None

    @model_validator(mode="after")
    def _a_secret_signs_something(self) -> Self:
        if self.webhook_secret and not self.webhook_url:
            raise ValueError("webhook_secret signs what is sent to webhook_url, which is not set")
        return self
