"""What a destination that speaks RIV-TA can be told."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gateway.adapter import HsaIdText, HttpsSettings, WebAddress


def _in_small_letters(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


# INTEROP §1.1: catalogues write it in capitals too.
Profile = Annotated[Literal["rivtabp21", "rivtabp20"], BeforeValidator(_in_small_letters)]


class RivSoapSettings(HttpsSettings):
    """How a producer of ProcessCase is reached."""

    url: WebAddress = Field(description="Where ProcessCase is called.")
    logical_address: HsaIdText = Field(
        description="HSA-id of the receiver, for the SOAP header (INTEROP §1.1)."
    )
    profile: Profile = Field(
        default="rivtabp21",
        description="Where the address stands: rivtabp21 in LogicalAddress, rivtabp20 in To.",
    )
    original_consumer: HsaIdText | None = Field(
        default=None,
        description="HSA-id for x-rivta-original-serviceconsumer-hsaid, "
        "where the platform trusts us to set it (INTEROP §1.6).",
    )
    platform: bool = Field(
        default=False,
        description="Whether it is a platform that sends on: it is told in "
        "x-rivta-routing-history that the case has been here, so that no ring is closed.",
    )
    sender_id: HsaIdText | None = Field(
        default=None,
        description="HSA-id for x-vp-sender-id, where a producer or platform on plain http "
        "knows its callers by it (INTEROP §2.7).",
    )

    @model_validator(mode="after")
    def _certificates_tell_who_we_are(self) -> Self:
        if self.sender_id and self.url.scheme == "https":
            raise ValueError(
                "sender_id is for plain http; over https client_certificate tells who we are"
            )
        return self
