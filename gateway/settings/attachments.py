"""Where the bytes of attachments are kept (DOMAIN D4)."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from gateway.adapter import WebAddress

_Filled = Annotated[str, StringConstraints(min_length=1)]
# What every store takes as a name before other names.
_Prefix = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$")]


class S3Settings(BaseModel):
    """A bucket of a store that speaks S3, and who we are there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    endpoint: WebAddress
    bucket: _Filled
    region: _Filled = "us-east-1"
    access_key: Annotated[SecretStr, Field(min_length=1)]
    secret_key: Annotated[SecretStr, Field(min_length=1)]
    prefix: _Prefix | None = None


class AttachmentStoreSettings(BaseModel):
    """
    A bucket if there is one, else a folder.

    Without either it is the folder `attachments` beside the database file; with a server, one must
    be set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path | None = None
    s3: S3Settings | None = None
