"""The command line, as integrators and operators use it."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RULES = Path(__file__).parent.parent.parent / "routing_rules"
A_CALLER = '[[callers]]\nhsa_id = "A"\nname = "a"\nrole = "operator"\n'
SECRET = "whsec_dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0"  # noqa: S105 opens nothing


@pytest.fixture
def vaxel(tmp_path):
    """Run a command in an empty folder with a copy of the example regions."""
    shutil.copytree(RULES, tmp_path / "routing_rules")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            cwd=tmp_path,
            env={"VAXEL_SECRETS__SYDVIK_SYNERGI": SECRET, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_check_finds_nothing_wrong_with_the_example_regions(vaxel):
    """DOMAIN B10."""
    done = vaxel("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing wrong: 2 regions")


def test_check_lists_every_fault_at_once_with_file_and_line(vaxel, tmp_path):
    """DOMAIN B10: refused with every fault listed."""
    units = tmp_path / "routing_rules/nordmark/units.csv"
    row = "SE2321009101-NYYY,Nya enheten,Norrfors,SE2321009101-0001,,nowhere-known,,\n"
    units.write_text(units.read_text() + row)
    region = tmp_path / "routing_rules/sydvik/region.toml"
    region.write_text(region.read_text().replace('adapter = "rest"', 'adapter = "rst"'))
    done = vaxel("routes", "check")
    assert done.returncode == 1
    assert re.search(r"nordmark/units\.csv:\d+: unknown-destination:", done.stderr)
    assert re.search(r"sydvik/region\.toml:\d+: bad-adapter:.*did you mean 'rest'", done.stderr)


@pytest.mark.parametrize(
    ("day", "goes_to"), [("2026-12-31", "inkorg"), ("2027-01-01", "avvikelse")]
)
def test_explain_tells_the_route_at_a_day_in_sweden_and_why(vaxel, day, goes_to):
    """DOMAIN B4, B11."""
    done = vaxel("routes", "explain", "SE2321009101-MEDT", "--at", day)
    assert done.returncode == 0
    assert "SE2321009101-MEDT: row nordmark/units.csv:" in done.stdout
    assert f"→ nordmark/{goes_to} (" in done.stdout


def test_explain_says_so_when_a_case_would_go_nowhere(vaxel):
    """DOMAIN B11."""
    done = vaxel("routes", "explain", "SE2321009101-NOBODY")
    assert done.returncode == 1
    assert done.stderr.strip() == "SE2321009101-NOBODY: no such unit or committee"


def test_explain_tells_how_to_write_a_time(vaxel):
    """An error says what to do."""
    done = vaxel("routes", "explain", "SE2321009101-MEDT", "--at", "soon")
    assert (done.returncode, "2027-01-01T08:00" in done.stderr) == (1, True)


def test_a_new_key_comes_with_the_digest_for_the_settings(vaxel):
    """Only the digest is kept."""
    key, digest = re.findall(r"\S+\s+(\S+)\n", vaxel("keys", "new").stdout)
    assert hashlib.sha256(key.encode()).hexdigest() == digest


def test_a_wrong_setting_is_refused_in_plain_words(vaxel, tmp_path):
    """Refuse to start when wrong."""
    (tmp_path / "vaxel.toml").write_text('bind = "everywhere"\nhsa_idd = "X"')
    done = vaxel("check")
    assert done.returncode == 1
    assert "settings: bind: " in done.stderr
    assert "settings: hsa_idd: " in done.stderr


def test_operators_see_deliveries_also_when_the_routes_have_just_been_broken(vaxel, tmp_path):
    """DOMAIN G1: that is when they must."""
    vaxel("db", "upgrade")
    (tmp_path / "routing_rules/nordmark/units.csv").write_text("half a fi")
    done = vaxel("deliveries", "list")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_command_that_reads_makes_no_database(vaxel, tmp_path):
    """DOMAIN G1: an empty one would say that nothing waits."""
    done = vaxel("deliveries", "list")
    assert (done.returncode, "vaxel db upgrade" in done.stderr) == (1, True)
    assert not (tmp_path / "var").exists()


def test_operators_pause_a_destination_and_see_how_each_stands(vaxel):
    """DOMAIN C2, G1: with a reason, and by whom; resumed the same way."""
    vaxel("db", "upgrade")
    paused = vaxel("deliveries", "pause", "nordmark/avvikelse", "--reason", "nya certifikat")
    listed = vaxel("deliveries", "destinations").stdout.splitlines()
    by = rf"by \S+ \({re.escape(pwd.getpwuid(os.getuid()).pw_name)}\) since"
    assert re.match(rf"nordmark/avvikelse PAUSED 0 waiting: it is paused {by}", paused.stdout)
    assert paused.stdout.rstrip() in listed
    assert paused.stdout.rstrip().endswith(": nya certifikat")
    resumed = vaxel("deliveries", "resume", "nordmark/avvikelse")
    assert resumed.stdout == "nordmark/avvikelse CALLED 0 waiting: it is called\n"


def test_a_destination_that_nobody_knows_is_not_paused(vaxel):
    """A word that was mistyped stops nothing, and says so."""
    vaxel("db", "upgrade")
    done = vaxel("deliveries", "pause", "nordmark/avvikelser", "--reason", "x")
    assert (done.returncode, "no destination has that name; there are " in done.stderr) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('bind = "127.0.0.1:99999"', "bind"),
        ('database_url = "mysql://somewhere"', "database_url"),
        ('database_url = "postgresql://vaxel:p@ss:w0rd@db/vaxel"', "database_url"),
        ('media_types = ["pdf"]', "media_types"),
        ('callers = [{hsa_id = "A", name = "a", role = "staff"}]', "callers"),
        (A_CALLER + A_CALLER.lower(), "callers"),
    ],
)
def test_settings_that_cannot_work_are_found_by_check(vaxel, tmp_path, line, told):
    """CONTRACT `vaxel check`: everything wrong listed, and no value with it."""
    (tmp_path / "vaxel.toml").write_text(line)
    done = vaxel("check")
    assert (done.returncode, told in done.stderr) == (1, True)
    assert "w0rd" not in done.stderr
    assert "Traceback" not in done.stderr
