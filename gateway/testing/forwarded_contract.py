"""What every adapter promises of a case that comes from another holder (DOMAIN D6)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from typing import ClassVar

from gateway.adapter import Adapter, Delivered, Refused
from gateway.testing.contract_messages import ATTACHMENTS, forwarded
from gateway.testing.foreign import Remote


class ForwardedContract:
    """Part of the contract of adapters."""

    adapter: ClassVar[type[Adapter]]

    def test_a_forwarded_case_arrives_with_its_history_or_is_refused(
        self, subject: Adapter, remote: Remote
    ) -> None:
        """DOMAIN C1, D6: its files and those of what was said before, byte for byte."""
        outcome = subject.deliver(forwarded())
        if not self.adapter.can.attachments:
            assert isinstance(outcome, Refused)
            return
        assert isinstance(outcome, Delivered), outcome
        [arrival] = remote.arrivals
        files = (*ATTACHMENTS, *ATTACHMENTS[1:], *ATTACHMENTS[:1])
        assert (arrival.event, arrival.attachments) == (
            "FORWARDED",
            tuple(file.read() for file in files),
        )
