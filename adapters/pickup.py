"""External case systems that cannot be called: what is for them waits until they fetch it."""

from typing import ClassVar

from pydantic import BaseModel

from gateway.adapter import AdapterSettings, Can, Message, Outcome, Tools, TryLater


class PickupSettings(AdapterSettings):
    """A pickup destination needs no settings: its `system` comes to us."""


class Pickup:
    """Keeps everything waiting for the destination's system, which fetches it (DOMAIN C5)."""

    can: ClassVar[Can] = Can(recognises_repeats=True, fetched=True)
    Settings: ClassVar[type[BaseModel]] = PickupSettings

    def __init__(self, settings: PickupSettings, tools: Tools) -> None:
        """Need nothing: there is nobody to call."""

    def deliver(self, message: Message) -> Outcome:
        """Send nothing, whoever asks."""
        return TryLater("nothing is sent there: its system fetches what waits for it")
