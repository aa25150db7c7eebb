"""The demo's supervisor: what dies is started again, and nothing is left behind."""

import json
import os
import signal
import sys

import pytest

from gateway.demo.supervision import PROCESSES_FILE, Broken, Program, Stopped, Supervisor

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('deaf', flush=True); time.sleep(60)",
)
FAILS = (sys.executable, "-c", "raise SystemExit(3)")


@pytest.fixture
def told():
    return []


@pytest.fixture
def supervisor(tmp_path, told):
    supervisor = Supervisor(tmp_path, told.append)
    yield supervisor
    supervisor.stop()


def test_a_killed_process_is_started_again_and_the_story_says_so(supervisor, told):
    """C1: what a crash interrupts goes on when the process is back."""
    supervisor.start(Program("sleeper", SLEEPS))
    [(_, first)] = supervisor.running()
    os.kill(first, signal.SIGKILL)
    supervisor.wait("the second start", lambda: bool(told), 10)
    [(_, second)] = supervisor.running()
    assert supervisor.deaths() == 1
    assert told == [f"sleeper was killed by SIGKILL; started again with pid {second}"]


def test_the_folder_says_who_runs_now(supervisor, tmp_path):
    """G1: whoever wants to look at a process, or kill it, finds its pid."""
    supervisor.start(Program("sleeper", SLEEPS))
    [(_, pid)] = supervisor.running()
    assert json.loads((tmp_path / PROCESSES_FILE).read_text()) == {"sleeper": pid}


def test_a_program_that_cannot_run_breaks_the_wait_with_its_log(supervisor, tmp_path):
    """G5: what is wrong is told, instead of waiting for ever."""
    supervisor.start(Program("failing", FAILS))
    with pytest.raises(Broken, match=r"failing ends with code 3 at once; see .*failing\.log"):
        supervisor.wait("nothing", lambda: False, 30)


def test_a_wait_in_vain_says_what_it_waited_for(supervisor):
    """G5: a stuck demo ends with a clear message."""
    with pytest.raises(Broken, match=r"waited 0\.2 s in vain for the moon"):
        supervisor.wait("the moon", lambda: False, 0.2)


def test_asking_to_stop_ends_every_wait(supervisor):
    """G5: Ctrl-C is heard wherever the demo is."""
    supervisor.ask_to_stop()
    with pytest.raises(Stopped):
        supervisor.wait("the moon", lambda: False)


def test_stopping_leaves_no_process_even_a_deaf_one(tmp_path, monkeypatch):
    """G5: first asked, then killed."""
    monkeypatch.setattr("gateway.demo.supervision._PATIENCE_S", 0.3)
    supervisor = Supervisor(tmp_path, lambda _: None)
    supervisor.start(Program("stubborn", STUBBORN))
    supervisor.start(Program("sleeper", SLEEPS))
    supervisor.wait("it to be deaf", lambda: "deaf" in (tmp_path / "stubborn.log").read_text(), 10)
    pids = [pid for _, pid in supervisor.running()]
    supervisor.stop()
    assert [pid for pid in pids if _exists(pid)] == []


def test_secrets_reach_a_process_by_its_environment_only(supervisor, tmp_path):
    """A8: a command line is seen by everybody on the machine."""
    shows = (
        sys.executable,
        "-c",
        "import os, time; print(os.environ['KEY'], flush=True); time.sleep(60)",
    )
    program = Program("shower", shows, environment={"KEY": "hush"})
    supervisor.start(program)
    supervisor.wait("the key", lambda: "hush" in (tmp_path / "shower.log").read_text(), 10)
    assert "hush" not in repr(program)


def _exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
