"""The demo: every process started, every case followed to its end, and the books compared."""

import json
import signal
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console

from gateway.demo import programs, telling
from gateway.demo.bars import Bars
from gateway.demo.books import balance
from gateway.demo.cases import SWITCHING_UNIT, planned
from gateway.demo.phone import CALLED_UNITS, calls
from gateway.demo.remaining import Plan, remaining
from gateway.demo.site import Site, make_site
from gateway.demo.staff import COMMITTEE
from gateway.demo.supervision import Broken, Stopped, Supervisor
from gateway.demo.witnesses import Testimony, Witnesses
from gateway.domain.period import SWEDEN, swedish_midnight
from gateway.log import without_personal_numbers

_START_S = 45.0
_ALL_S = 150.0
_STOPPED = 130  # what a shell says of a Ctrl-C
_LAST_LINES = 5


def run(*, once: bool) -> int:
    """
    Run the demo and print its story; gives the exit code, 0 when the books balance.

    With `once` it stops after one round. Whatever happens, no process and no file is left.
    """
    console = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="vaxel-demo-") as name:
        site = make_site(Path(name), datetime.now(SWEDEN).date())
        supervisor = Supervisor(site.folder, console.print, programs.clean_environment())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.ask_to_stop())
        try:
            return _Story(console, site, supervisor).tell(once=once)
        except Broken as error:
            _tell_broken(console, site, str(error))
            return 1
        except Stopped:
            console.print("Stopped.")
            return _STOPPED
        finally:
            supervisor.stop()


@dataclass(frozen=True, slots=True)
class _Story:
    console: Console
    site: Site
    supervisor: Supervisor

    def tell(self, *, once: bool) -> int:
        """Tell everything in order; gives the exit code."""
        witnesses = Witnesses(self.site)
        plan = _plan(self.site.today)
        self._start(witnesses)
        self._explain(witnesses)
        self._open_to_people()
        told = self._follow(plan, witnesses)
        missing = remaining(plan, told)
        self._conclude(plan, told)
        summary = balance(told.evidence)
        if missing:
            _tell_broken(self.console, self.site, f"it still waits for this: {'; '.join(missing)}")
        elif not once:
            self._keep_running()
        sys.stdout.write(f"{json.dumps(summary.as_json(), separators=(',', ':'))}\n")
        return 0 if summary.balances and not missing else 1

    def _start(self, witnesses: Witnesses) -> None:
        self.console.rule("Växel: one door in, the right handler out, the answer back")
        for program in (*programs.systems(self.site), *programs.gateway(self.site)):
            self.supervisor.start(program)
        self.supervisor.wait("the gateway to open its doors", witnesses.is_up, _START_S)

    def _open_to_people(self) -> None:
        for program in programs.people(self.site):
            self.supervisor.start(program)
        self.console.print(telling.processes(self.supervisor.running()))

    def _explain(self, witnesses: Witnesses) -> None:
        """Show that a route changes at its date, and not before (DOMAIN B4, B11)."""
        midnight = swedish_midnight(self.site.today)
        before = witnesses.explain(SWITCHING_UNIT, midnight - timedelta(seconds=1))
        after = witnesses.explain(SWITCHING_UNIT, midnight)
        self.console.print(
            f"{before['unitName']} changes its route today: until midnight its cases went to "
            f"{before['destination']}, since then they go to {after['destination']}."
        )

    def _follow(self, plan: Plan, witnesses: Witnesses) -> Testimony:
        """Wait until everything has come, seen twice, or for as long as is reasonable."""
        seen: list[Testimony] = []

        def has_come_twice() -> bool:
            told = witnesses.ask()
            if told is not None:
                seen.append(told)
                bars.show(told)
            return len(seen) > 1 and not any(remaining(plan, told) for told in seen[-2:])

        with Bars(self.console, plan) as bars:
            try:
                self.supervisor.wait("everything to come", has_come_twice, _ALL_S)
            except Broken:
                if not seen:
                    raise
        return seen[-1]

    def _conclude(self, plan: Plan, told: Testimony) -> None:
        self.console.print(telling.paths(plan.cases, told))
        for sentence in telling.sentences(plan.cases, told):
            self.console.print(f"• {sentence}")
        if deaths := self.supervisor.deaths():
            self.console.print(f"• Processes died and were started again {deaths} times.")

    def _keep_running(self) -> None:
        self.console.rule("It keeps running; stop it with Ctrl-C")
        self.console.print(telling.people())
        for address in telling.addresses(self.site):
            self.console.print(address)
        try:
            self.supervisor.wait("Ctrl-C", lambda: False)
        except Stopped:
            self.console.print("Stopped.")


def _plan(today: date) -> Plan:
    cases = planned(today)
    phoned = [call for unit in CALLED_UNITS.values() for call in calls(unit, today)]
    to_archive = [case for case in cases if str(case.case.receiver.hsa_id) == COMMITTEE]
    return Plan(cases, phoned, len(to_archive))


def _tell_broken(console: Console, site: Site, words: str) -> None:
    """Say what is wrong, with the end of every log: the folder will be gone."""
    console.print(f"The demo is stuck: {words}")
    for log in sorted(site.folder.glob("*.log")):
        console.rule(log.name)
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]:
            console.print(without_personal_numbers(None, "", {"line": line})["line"], markup=False)
