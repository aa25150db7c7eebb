"""Keeps processes running, as systemd would: who dies is started again, none is left behind."""

import json
import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROCESSES_FILE = "processes.json"

_LOOK_EVERY_S = 0.1
_PAUSE_S = 0.3
_SHORT_LIFE_S = 10.0
_SHORT_LIVES = 4
_PATIENCE_S = 6.0


class Broken(Exception):
    """The demo cannot go on; the message says which process or wait, and where to look."""


class Stopped(Exception):
    """Somebody asked the demo to stop."""


@dataclass(frozen=True, slots=True)
class Program:
    """
    One process to keep running; `address` is how others reach it, the same after each start.

    Secrets go in `environment`, never in `command`.
    """

    name: str
    command: Sequence[str]
    address: str = "–"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class Supervisor:
    """
    The parent of all processes of one folder, which is their working directory.

    Each writes to `<name>.log` there. Who runs now, by name and pid, stands in `processes.json`.
    `tell` gets a sentence when a process died and was started again. `environment` is common.
    """

    def __init__(
        self,
        folder: Path,
        tell: Callable[[str], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._tell = tell
        self._lock = threading.Lock()
        self._children: dict[str, _Child] = {}
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._broken: str | None = None
        self._watch = threading.Thread(target=self._look, name="supervision", daemon=True)

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        with self._lock:
            self._children[program.name] = _Child(program, self._spawn(program))
            self._write()
        if not self._watch.is_alive():
            self._watch.start()

    def running(self) -> list[tuple[Program, int]]:
        """Tell every program that runs now, with its pid."""
        with self._lock:
            return [(child.program, child.process.pid) for child in self._children.values()]

    def deaths(self) -> int:
        """Tell how many times a process died and was started again."""
        with self._lock:
            return sum(child.deaths for child in self._children.values())

    def ask_to_stop(self) -> None:
        """Make every wait raise Stopped; safe to call from a signal handler."""
        self._asked.set()

    def wait(self, what: str, is_so: Callable[[], bool], seconds: float = math.inf) -> None:
        """
        Wait until something is so.

        Raises Broken when it takes too long or a process cannot run, Stopped when asked to stop.
        """
        end = time.monotonic() + seconds
        while not is_so():
            if self._broken:
                raise Broken(self._broken)
            if time.monotonic() > end:
                raise Broken(f"waited {seconds:g} s in vain for {what}")
            if self._asked.wait(_LOOK_EVERY_S):
                raise Stopped

    def stop(self) -> None:
        """Stop every process: asked first, then killed; returns when none is left."""
        self._stopping.set()
        if self._watch.is_alive():
            self._watch.join()
        processes = [child.process for child in self._children.values()]
        for process in processes:
            process.terminate()
        end = time.monotonic() + _PATIENCE_S
        for process in processes:
            _end(process, end)

    def _look(self) -> None:
        while self._broken is None and not self._stopping.wait(_LOOK_EVERY_S):
            with self._lock:
                dead = [c for c in self._children.values() if c.process.poll() is not None]
            for child in dead:
                self._again(child)

    def _again(self, child: "_Child") -> None:
        name, code = child.program.name, child.process.returncode
        if child.is_hopeless():
            self._broken = f"{name} ends with code {code} at once; see {self._log(name)}"
            return
        if self._stopping.wait(_PAUSE_S):
            return
        with self._lock:
            child.born_again(self._spawn(child.program))
            self._write()
        self._tell(f"{name} {_cause(code)}; started again with pid {child.process.pid}")

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with self._log(program.name).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 our own programs
                program.command,
                cwd=self._folder,
                env={**self._environment, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C reaches this process only, which then stops the others in order.
                start_new_session=True,
            )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _write(self) -> None:
        told = {name: child.process.pid for name, child in self._children.items()}
        draft = self._folder / f"{PROCESSES_FILE}.new"
        draft.write_text(json.dumps(told, indent=1))
        draft.replace(self._folder / PROCESSES_FILE)


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    deaths: int = 0
    short_lives: int = 0

    def is_hopeless(self) -> bool:
        return self.short_lives >= _SHORT_LIVES

    def born_again(self, process: subprocess.Popen[bytes]) -> None:
        lived = time.monotonic() - self.started
        by_itself = (self.process.returncode or 0) > 0
        self.short_lives = self.short_lives + 1 if by_itself and lived < _SHORT_LIFE_S else 0
        self.process, self.started = process, time.monotonic()
        self.deaths += 1


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended by itself with code {code}"


def _end(process: subprocess.Popen[bytes], end: float) -> None:
    try:
        process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
