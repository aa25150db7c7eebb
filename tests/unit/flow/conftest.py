"""A small region to submit to, a store in memory, and a clock that stands still."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.message import MessageKind
from gateway.domain.period import ALWAYS, Period
from gateway.domain.permission import Permissions
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.flow.caller import Caller, Role
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.replies import Replies
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    E_SERVICE,
    NOW,
    UNIT,
    make_case_message,
)
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_contents import make_file_intake

COMMITTEE = HsaId("SE2321000016-PN")
CLOSED_UNIT = HsaId("SE2321000016-OLD")


@dataclass
class Town:
    """One region with one unit, one closed unit and a committee, all served by one system."""

    now: datetime = NOW
    committee_period: Period = ALWAYS
    limits: Limits = field(default_factory=Limits)
    permissions: Permissions | None = None
    anonymous: bool = False

    def __post_init__(self):
        """Open every door on the same store."""
        store = self.store = MemoryStore(self.clock)
        self.files = make_file_intake()
        self.intake = Intake(
            self.table,
            store.keep,
            store.kept_before,
            store.cases,
            self.clock,
            self.limits,
            self.files,
        )
        self.replies = Replies(self.table, store.cases, self.clock, self.limits, self.files)
        self.citizens = CitizenInbox(store.cases)
        self.staff = StaffInbox(store.cases, store.unit_inboxes, self.clock)
        self.operating = Operating(
            self.table,
            store.cases,
            store.deliveries,
            store.ready,
            self.clock,
            store.destinations,
        )
        self.e_service = Caller(E_SERVICE, "E-tjänsten", Role.E_SERVICE)
        self.system = Caller(CASE_SYSTEM, "Ärendesystemet", Role.CASE_SYSTEM)
        self.operator = Caller(HsaId("SE5560000000-OPS"), "Driften", Role.OPERATOR)
        self.nurse = Caller(
            HsaId("SE2321000016-NURSE"), "Sköterskan", Role.CASE_RECEIVER, frozenset({UNIT})
        )

    def clock(self):
        """Tell the time."""
        return self.now

    def wait(self, **longer):
        """Let time pass."""
        self.now += timedelta(**longer)

    def table(self):
        """Make the route table that holds now."""
        to = Destination(
            DESTINATION, "norr", "cases", "rest", {}, Policy(), CASE_SYSTEM, "Ärendesystemet"
        )
        committee = Committee(COMMITTEE, "Patientnämnden", to, self.committee_period)
        region = Region("norr", "Region Norr", "25", committee, anonymous=self.anonymous)
        rows = [
            _row(UNIT, "Vårdcentralen Björken", to, ALWAYS),
            _row(CLOSED_UNIT, "Vårdcentralen Eken", to, Period(end=NOW)),
        ]
        units = {row.unit.hsa_id.key: (row,) for row in rows}
        return RouteTable(
            "v1", {"norr": region}, {to.key: to}, units, permissions=self.permissions
        )

    def submit(self, case, caller=None):
        """Submit a case and wait for its receipt."""
        return asyncio.run(self.intake.submit(case, caller or self.e_service))

    def ask_for_files(self, number):
        """Let the holder enable attachments on a case."""
        kind = MessageKind.SUPPLEMENT_REQUEST
        ask = make_case_message(case_number=number, kind=kind, attachments_allowed=True)
        self.replies.post(ask, self.system)

    @staticmethod
    def refuses(rule, words=None):
        """Expect a refusal by one rule alone, with these words in it."""
        return pytest.raises(
            Refusal,
            match=None if words is None else re.escape(words),
            check=lambda refusal: [fault.rule for fault in refusal.faults] == [rule],
        )

    def timeline(self, number):
        """Tell the steps on a case's timeline, with their details."""
        return [
            (link.entry.step, link.entry.details) for link in self.store.cases.timeline(number)
        ]

    def claim(self, limit=9):
        """Claim what waits for the region's system."""
        return self.store.deliveries.claim(DESTINATION, limit, self.now, timedelta(minutes=1))


@pytest.fixture
def town():
    """Give a town of one's own."""
    return Town()


def _row(hsa_id, name, to, period):
    return Row(Unit(hsa_id, name, "Luleå", "norr"), to, period, "units.csv", 2)
