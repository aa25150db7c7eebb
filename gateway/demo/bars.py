"""Progress bars over what should come of the demo's cases."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.demo.books import balance
from gateway.demo.remaining import Plan
from gateway.demo.witnesses import Testimony
from gateway.domain.lifecycle import DeliveryState

# Who sends a case on in the same moment as it comes may be faster than our note of that.
_MADE = (DeliveryState.DELIVERED.value, DeliveryState.MOVED.value)


class Bars:
    """Shown while used as a context; on no terminal, once at the end."""

    def __init__(self, console: Console, plan: Plan) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._accepted = self._progress.add_task("cases with a receipt", total=plan.accepted)
        self._delivered = self._progress.add_task("deliveries made", total=plan.deliveries)
        self._replies = self._progress.add_task("replies in the inboxes", total=plan.replies)

    def show(self, told: Testimony) -> None:
        """Show how far it has come."""
        summary = balance(told.evidence)
        made = [d for d in told.deliveries if d["state"] in _MADE]
        self._progress.update(self._accepted, completed=summary.accepted)
        self._progress.update(self._delivered, completed=len(made))
        self._progress.update(self._replies, completed=summary.replies_in_inbox)

    def __enter__(self) -> "Bars":
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Leave the bars as they stand."""
        self._progress.stop()
