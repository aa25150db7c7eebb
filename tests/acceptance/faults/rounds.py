"""Strike at a random moment, see how soon all is well again, and balance the books."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gateway.testing.one_system import UNIT
from gateway.testing.standby import PostgresPair

from .e_service import EService
from .fault import Fault
from .faults import faults
from .town import Town, open_town

CASES_A_SECOND = 25.0
_LONGEST_WAIT_S = 90.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all rounds: `recovered_s_max` is the longest until all was well."""

    rounds: int
    cases: int
    lost: int
    doubled: int
    parked: int
    recovered_s_max: float

    @property
    def balances(self) -> bool:
        """Tell whether every case arrived once."""
        return self.lost == 0 and self.doubled == 0 and self.parked == 0

    def __add__(self, other: "Outcome") -> "Outcome":
        ours, theirs = asdict(self), asdict(other)
        longest = max(ours.pop("recovered_s_max"), theirs.pop("recovered_s_max"))
        return Outcome(**{k: ours[k] + theirs[k] for k in ours}, recovered_s_max=longest)


# Chooses, of the faults that a town can have, one for each round.
Plan = Callable[[list[Fault]], list[Fault]]


def run_rounds(
    folder: Path,
    plan: Plan,
    luck: random.Random,
    pair: PostgresPair | None,
    tell: Callable[[str], None],
) -> Outcome:
    """Run a round for each planned fault, in one town under a steady load."""
    with open_town(folder, pair) as town:
        planned = plan(faults(town, luck))
        sender = EService(town.gateway_port, UNIT, CASES_A_SECOND)
        sender.start()
        try:
            times = [_round(town, sender, fault, luck, tell) for fault in planned]
        finally:
            sender.stop()
        wait_for(town, sender.accepted())
        return replace(_balanced(town, sender, max(times)), rounds=len(planned))


def wait_for(town: Town, numbers: set[str]) -> None:
    """Wait until all of these cases have arrived."""
    began = time.monotonic()
    while missing := numbers - _taken(town).keys():
        _check_patience(began, town, f"{len(missing)} cases have not arrived")


def _round(
    town: Town,
    sender: EService,
    fault: Fault,
    luck: random.Random,
    tell: Callable[[str], None],
) -> float:
    fault.prepare()
    try:
        time.sleep(luck.uniform(0.2, 1.2))
        accepted = sender.accepted()
        fault.wait_through()
        began = time.monotonic()
        fault.strike()
        struck = sender.accepted()
        while not (sender.accepted() - struck) & _taken(town).keys():
            _check_patience(began, town, "no new case arrives")
        # Well again means that what was there before has gone the whole way too.
        wait_for(town, accepted)
        seconds = time.monotonic() - began
    finally:
        fault.end()
    tell(f"{fault.name}: {len(accepted)} there, well after {seconds:.1f} s")
    return seconds


def _check_patience(began: float, town: Town, words: str) -> None:
    if time.monotonic() > began + _LONGEST_WAIT_S:
        raise TimeoutError(f"{words}:\n{town.log()[-4000:]}")
    time.sleep(0.05)


def _balanced(town: Town, sender: EService, longest: float) -> Outcome:
    accepted, taken = sender.accepted(), _taken(town)
    # Taken in twice: two numbers for one case id, or a number that no receipt has told.
    twice = sum(len(numbers) - 1 for numbers in sender.receipts.values())
    strange = len(taken.keys() - accepted)
    return Outcome(
        rounds=0,
        cases=len(accepted),
        lost=len(accepted - taken.keys()),
        doubled=twice + strange + sum(times - 1 for times in taken.values()),
        parked=town.log().count('"state":"PARKED"'),
        recovered_s_max=round(longest, 1),
    )


def _taken(town: Town) -> Counter[str]:
    lines = town.ledger.read_text().splitlines() if town.ledger.exists() else []
    # The last line may be half written.
    return Counter(words[2] for line in lines if len(words := line.split()) == 3)
