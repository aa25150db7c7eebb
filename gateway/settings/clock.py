"""When those who handle complaints are reminded."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ClockSettings(BaseModel):
    """A complaint is soon due `remind_days` before its due date (DOMAIN A11)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remind_days: Annotated[int, Field(ge=1, le=365)] = 7
