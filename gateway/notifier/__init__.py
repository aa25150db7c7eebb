"""Sends notices that something lies in a citizen's inbox, and never what it says (DOMAIN D5)."""

from gateway.notifier.loop import Notifier
from gateway.notifier.ways import Way, ways_of

__all__ = ["Notifier", "Way", "ways_of"]
