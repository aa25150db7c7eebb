"""
The stand-in e-service: sends the demo's cases through both doors and reads the citizens' inboxes.

It sends the same case with the same id until it has a receipt, and keeps its own record of what
it has a receipt for; killed and started again it goes on where it was.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import assert_never

from gateway.demo.api import client
from gateway.demo.cases import CITIZENS, Planned, planned
from gateway.demo.over_rest import RestSender
from gateway.demo.over_soap import SoapSender
from gateway.demo.record import Record, lines
from gateway.demo.sending import Again, Answer, Door, Receipt, Refused, Sender, Unread
from gateway.domain.case import Supplement

HSA_ID = "SE5560000000-E1177"
KEY_VARIABLE = "DEMO_E_SERVICE_KEY"

_AGAIN_AFTER_S = 0.3
_READ_EVERY_S = 1.0

Senders = dict[Door, Sender]


def main() -> None:
    """Send everything, and read the inboxes until told to stop."""
    given = _given()
    with ThreadPoolExecutor(len(Door)) as doors:
        carriers = [Carrier(_senders(given), Record(given.record), _known(given)) for _ in Door]
        halves = [
            doors.submit(carrier.carry, _half(given.day, door), given.pace_s)
            for carrier, door in zip(carriers, Door, strict=True)
        ]
        reader = Inboxes(_senders(given), given.inboxes)
        answering = Carrier(_senders(given), Record(given.record), _known(given))
        while True:
            answering.answer(planned(given.day), reader.read(), _numbers(given.record))
            for half in halves:
                if half.done():
                    half.result()
            time.sleep(_READ_EVERY_S)


@dataclass(slots=True)
class Carrier:
    """
    Carries cases through the doors, one after the other.

    `known` is what has its answer already, by (what, id): it is not sent again.
    """

    senders: Senders
    record: Record
    known: dict[tuple[str, str], str | None]
    pause: Callable[[float], None] = time.sleep

    def carry(self, cases: list[Planned], pace_s: float) -> None:
        """Send each case, then the repeat and the supplement that are planned for it."""
        for case in cases:
            self.carry_one(case)
            self.pause(pace_s)

    def carry_one(self, planned: Planned) -> None:
        """Send one case with all that follows."""
        case, door = planned.case, planned.door
        number = self._once("case", case.case_id, door, lambda s: s.submit(case))
        if number is None:
            return
        if planned.again:
            self._once("repeat", case.case_id, planned.again, lambda s: s.submit(case))
        if supplement := planned.supplement:
            key = f"{case.case_id}-supplement"
            self._add(number, key, door, supplement)

    def answer(
        self, cases: list[Planned], asked: Collection[str], numbers: Mapping[str, str]
    ) -> None:
        """Send what the holders of these cases have asked for; `numbers` are by our own ids."""
        for case in cases:
            number = numbers.get(case.case.case_id)
            if case.asked and number and number in asked:
                self._add(number, f"{case.case.case_id}-asked", case.door, case.asked)

    def _add(self, number: str, key: str, door: Door, added: Supplement) -> None:
        files = len(added.attachments)
        self._once(
            "supplement", key, door, lambda s: s.supplement(number, key, added), files=files
        )

    def _once(
        self, what: str, key: str, door: Door, send: Callable[[Sender], Answer], **told: int
    ) -> str | None:
        """Send until there is an answer, and write it down; gives the case number, if any."""
        if (what, key) in self.known:
            return self.known[what, key]
        tries = 0
        while True:
            tries += 1
            match send(self.senders[door]):
                case Receipt(number):
                    self.record.write(what, id=key, door=door, number=number, tries=tries, **told)
                    self.known[what, key] = number
                    return number
                case Refused(rule):
                    self.record.write(what, id=key, door=door, rule=rule, tries=tries)
                    return None
                case Again():
                    self.pause(_AGAIN_AFTER_S)
                case _ as never:
                    assert_never(never)


@dataclass(slots=True)
class Inboxes:
    """
    What all citizens can read, as last seen: every second citizen through the other door.

    `began` in the file is when the reading began, so that others know how fresh it is.
    """

    senders: Senders
    path: Path
    doors: list[Door] = field(default_factory=lambda: list(Door))

    def read(self) -> set[str]:
        """
        Read every inbox and write down what is there; nothing is written if one is shut.

        Gives the numbers of the cases whose holders have asked for something.
        """
        began = datetime.now(UTC)
        try:
            messages = [
                asdict(message) | {"door": self.doors[number % 2]}
                for number, person in enumerate(CITIZENS)
                for message in self.senders[self.doors[number % 2]].inbox(person)
            ]
        except Unread:
            return set()
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps({"began": began.isoformat(), "messages": messages}))
        draft.replace(self.path)
        return {m["case_number"] for m in messages if m["kind"] == "SUPPLEMENT_REQUEST"}


@dataclass(frozen=True, slots=True)
class _Given:
    url: str
    gateway: str
    record: Path
    inboxes: Path
    day: date
    pace_s: float


def _given() -> _Given:
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.e_service", description=__doc__)
    parser.add_argument("--gateway-url", dest="url", required=True)
    parser.add_argument("--gateway-hsa-id", dest="gateway", required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--inboxes", type=Path, required=True)
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--pace", dest="pace_s", type=float, default=0.0, metavar="SECONDS")
    return _Given(**vars(parser.parse_args()))


def _senders(given: _Given) -> Senders:
    return {
        Door.SOAP: SoapSender(given.url, HSA_ID, given.gateway),
        Door.REST: RestSender(client(given.url, os.environ[KEY_VARIABLE])),
    }


def _half(day: date, door: Door) -> list[Planned]:
    return [case for case in planned(day) if case.door is door]


def _numbers(record: Path) -> dict[str, str]:
    told = lines(record)
    return {x["id"]: x["number"] for x in told if x["what"] == "case" and "number" in x}


def _known(given: _Given) -> dict[tuple[str, str], str | None]:
    return {(line["what"], line["id"]): line.get("number") for line in lines(given.record)}


if __name__ == "__main__":
    main()
