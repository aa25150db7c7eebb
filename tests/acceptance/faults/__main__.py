"""`make faults [ROUNDS=n]`: half of the rounds on SQLite, half on PostgreSQL; prints the books."""

import argparse
import json
import random
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from gateway.testing.standby import PostgresPair

from .fault import Fault
from .rounds import Outcome, Plan, run_rounds


def main() -> int:
    """Run them; 0 when the books balance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    told = parser.parse_args()
    print(f"seed {told.seed}", flush=True)
    luck = random.Random(told.seed)
    outcome = _on_sqlite(told.rounds - told.rounds // 2, luck)
    if told.rounds > 1:
        outcome += _on_postgres(told.rounds // 2, luck)
    print(json.dumps({k: v for k, v in asdict(outcome).items() if k != "parked"}))
    return 0 if outcome.balances else 1


def _on_sqlite(rounds: int, luck: random.Random) -> Outcome:
    print("SQLite", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return run_rounds(Path(folder), _by_luck(rounds, luck), luck, None, _tell)


def _on_postgres(rounds: int, luck: random.Random) -> Outcome:
    print("PostgreSQL, two workers", flush=True)
    pair = PostgresPair()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return run_rounds(Path(folder), _by_luck(rounds, luck), luck, pair, _tell)
    finally:
        pair.remove()


def _by_luck(rounds: int, luck: random.Random) -> Plan:
    def plan(faults: list[Fault]) -> list[Fault]:
        # Long ones take as long as ten others.
        return luck.choices(faults, [1 if one.is_long else 4 for one in faults], k=rounds)

    return plan


def _tell(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
