"""The built-in inbox of a care unit, a committee or a coordinator, as a destination like any."""

from typing import ClassVar

from pydantic import BaseModel, Field

from gateway.adapter import (
    AdapterSettings,
    Can,
    Delivered,
    HsaIdText,
    Message,
    Outcome,
    Tools,
    TryLater,
    Unavailable,
)


class InboxSettings(AdapterSettings):
    """What an inbox destination can be told."""

    owner: HsaIdText | None = Field(
        default=None,
        description="HSA-id of a coordinator whose inbox gets the cases (DOMAIN B3). "
        "Left out: each selected unit or committee gets its own.",
    )


class Inbox:
    """Puts cases in the built-in inbox (DESIGN decision 1)."""

    can: ClassVar[Can] = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = InboxSettings

    def __init__(self, settings: InboxSettings, tools: Tools) -> None:
        # Whose inbox it is was settled when the case came in; what changed since says nothing.
        self._inbox = tools.inbox

    def deliver(self, message: Message) -> Outcome:
        """Put it before the staff; the inbox calls a case by its own number."""
        try:
            number = self._inbox.put(message)
        except Unavailable as error:
            return TryLater("the built-in inbox cannot keep anything now", error.retry_after)
        return Delivered(number)
