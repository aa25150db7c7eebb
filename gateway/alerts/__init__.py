"""Bring alerts to humans: always to the log, and by webhook and e-mail where that is set (G2)."""

from gateway.alerts.bringer import bringers
from gateway.alerts.channels import Channel, channels_of

__all__ = ["Channel", "bringers", "channels_of"]
