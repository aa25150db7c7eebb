"""Bring alerts to humans by every channel, patiently, beside the work (DOMAIN G2)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import structlog

from gateway.alerts.channels import Channel, RefusedForGood
from gateway.domain.policy import Policy
from gateway.flow.alert_outbox import AlertFor, AlertOutbox, ClaimedAlert
from gateway.stepper import Stepper

log = structlog.get_logger()

LOOK_S = 1.0
EXPIRY_EVERY_S = 60.0
# Longer than any channel takes; so soon another node brings what one died with.
LEASE = timedelta(minutes=2)
# What is older than this helps nobody; a channel may be away over a holiday.
PATIENCE = timedelta(days=7)
_WAITS = Policy(first_retry_s=1.0, retry_factor=2.0, longest_retry_s=300.0)
# A channel that takes nothing rests between tries, however many alerts wait for it.
_RESTS = Policy(first_retry_s=1.0, retry_factor=2.0, longest_retry_s=60.0)


def bringers(
    channels: Sequence[Channel], outbox: AlertOutbox, clock: Callable[[], datetime]
) -> Iterator[Stepper]:
    """Give what brings alerts, by each channel beside the others, and gives up what is old."""
    for channel in channels:
        step = Bringer(outbox, channel, clock).step
        yield Stepper(step, "alerts.bringing_failed", LOOK_S)
    yield Stepper(partial(_give_up, outbox, clock), "alerts.expiry_failed", EXPIRY_EVERY_S)


@dataclass(slots=True)
class Bringer:
    """
    Brings by one channel what all nodes have put into the outbox for it.

    An alert is brought when the channel has taken it, and again when nobody knows whether it has;
    alerting never stops traffic (DOMAIN G3). What fails is tried again, less and less often, and
    so is a channel that takes nothing.
    """

    outbox: AlertOutbox
    channel: Channel
    clock: Callable[[], datetime]
    _failed: int = field(default=0, init=False)
    _rests_until: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def step(self) -> bool:
        """Bring one; tells whether there may be more to bring at once. Raises Unavailable."""
        now = self.clock()
        if now < self._rests_until:
            return False
        claimed = self.outbox.claim(self.channel.name, now, LEASE)
        if claimed is None:
            return False
        trouble = self._trouble(claimed.waiting)
        if trouble is None:
            self.outbox.brought(claimed)
        else:
            self._postpone(claimed)
        self._tell_turn(trouble)
        self._rest(trouble)
        return trouble is None

    def _trouble(self, waiting: AlertFor) -> str | None:
        """Send, and tell why another try is needed."""
        try:
            self.channel.send(waiting.alert)
        except RefusedForGood as error:
            _tell_not_sent(waiting, str(error))
        except Exception as error:  # noqa: BLE001 whatever a channel raises, the next alert goes out
            return _reason(error)
        return None

    def _postpone(self, claimed: ClaimedAlert) -> None:
        wait = timedelta(seconds=_WAITS.delay_s(claimed.attempt, luck=0.0))
        self.outbox.postpone(claimed, self.clock() + wait)

    def _tell_turn(self, trouble: str | None) -> None:
        """Say once when the channel begins to fail, and once when it is well again."""
        if trouble is not None and not self._failed:
            log.warning("alerts.failing", channel=self.channel.name, reason=trouble)
        if trouble is None and self._failed:
            log.info("alerts.recovered", channel=self.channel.name)

    def _rest(self, trouble: str | None) -> None:
        """Leave the channel alone for a while, for longer the more often in a row it fails."""
        self._failed = 0 if trouble is None else self._failed + 1
        if self._failed:
            rest = timedelta(seconds=_RESTS.delay_s(self._failed, luck=0.0))
            self._rests_until = self.clock() + rest


def _give_up(outbox: AlertOutbox, clock: Callable[[], datetime]) -> bool:
    """Tell in the log what no channel has brought for too long; tells that this was all."""
    for left in outbox.give_up(clock() - PATIENCE):
        _tell_not_sent(left, "nobody has taken it for a week")
    return False


def _tell_not_sent(left: AlertFor, reason: str) -> None:
    alert, destination = left.alert.event, left.alert.alarm.destination
    log.error(
        "alert.not_sent",
        alert=alert,
        destination=destination,
        channel=left.channel,
        reason=reason,
    )


def _reason(error: Exception) -> str:
    # The words of a foreign error may hold a password or an address.
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__
