"""How citizens are told that something lies in their inbox (DOMAIN D5)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from gateway.adapter import HsaIdText, HttpsSettings, SigningSecret, WebAddress
from gateway.settings.alerts import MailServerSettings

_Filled = Annotated[str, StringConstraints(min_length=1)]


class NationalInboxSettings(HttpsSettings):
    """
    How the national inbox is called, directly or through a service platform (INTEROP §5.1).

    `url` is where AddMessageToPatientPortalInbox is called, and `active_user_url` where
    IsActiveUser is, if that is another address.
    """

    active_user_url: WebAddress | None = None
    logical_address: HsaIdText
    unit_id: HsaIdText | None = None
    unit_name: _Filled = "Synpunkter och klagomål"
    source_system: _Filled | None = None
    link_system: _Filled | None = None
    original_consumer: HsaIdText | None = None
    sender_id: HsaIdText | None = None

    @model_validator(mode="after")
    def _is_called_as_it_is_trusted(self) -> Self:
        other = self.active_user_url
        if other is not None and other.scheme != self.url.scheme:
            raise ValueError("url and active_user_url are both https, or both are not")
        if self.sender_id and self.url.scheme == "https":
            raise ValueError(
                "sender_id is for plain http; over https client_certificate tells who we are"
            )
        return self


class SmsSettings(HttpsSettings):
    """The webhook of what sends text messages for us; with a `secret` each call is signed."""

    secret: SigningSecret | None = None


class NoticeSettings(BaseModel):
    """
    The ways to citizens, in the order they are tried, and how patiently.

    `link` is where the inbox is read. Each worker sends at most `rate_per_s`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    link: WebAddress | None = None
    patience_days: Annotated[float, Field(gt=0, le=30)] = 3.0
    rate_per_s: Annotated[float, Field(gt=0, le=1000)] = 1.0
    national_inbox: NationalInboxSettings | None = None
    mail: MailServerSettings | None = None
    sms: SmsSettings | None = None

    @property
    def are_sent(self) -> bool:
        """Tell whether there is any way."""
        return any((self.national_inbox, self.mail, self.sms))

    @model_validator(mode="after")
    def _a_notice_leads_to_the_inbox(self) -> Self:
        if self.are_sent and self.link is None:
            raise ValueError("link is not set; tell where citizens read their inbox")
        return self
