"""The command line, as integrators and operators use it."""

import hashlib
import os
import pwd
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from gateway.testing.certificates import make_authority
from tests.unit.conftest import FIRST

A_CALLER = '[[callers]]\nhsa_id = "A"\nname = "a"\nrole = "operator"\n'


def test_a_command_is_a_process_that_ends_with_its_code(tmp_path):
    """CONTRACT: as shells and pipelines run it."""
    done = subprocess.run([sys.executable, "-m", "gateway", "check"], cwd=tmp_path, check=False)
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("deliveries", "list", "--destination"),
        ("deliveries", "replay", "--fault"),
        ("deliveries", "replay", "--region"),
        ("routes", "explain"),
    ],
)
def test_bytes_that_are_no_text_are_refused_before_anything_is_done(vaxel, arguments):
    """DOMAIN G1: one line that tells which, and no trace of our insides."""
    done = vaxel(*arguments, os.fsdecode(b"\xff\xfe"))
    assert (done.returncode, done.stdout) == (2, "")
    place = len(arguments) + 1
    words = f"argument {place} holds bytes that are no text in UTF-8; type it anew\n"
    assert done.stderr == words


def test_a_worker_starts_without_what_only_doors_need():
    """DOMAIN G5: what is restarted for an upgrade is back sooner, and in less memory."""
    loaded = "import sys, gateway.processes; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], check=True, stdout=subprocess.PIPE)
    assert not {b"gateway.console", b"gateway.app.facade"} & {*done.stdout.split()}


def test_check_finds_nothing_wrong_with_the_example_regions(vaxel):
    """DOMAIN B10."""
    done = vaxel("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing wrong: 2 regions")


def test_check_tells_of_a_region_whose_wish_cannot_be_met(vaxel, tmp_path):
    """DOMAIN A9: it wants anonymous cases, and there is no secret to make codes with."""
    words = "Anonymous cases, which Region Nordmark takes, are refused here: set anonymous_secret."
    assert words in vaxel("check").stdout
    (tmp_path / "vaxel.toml").write_text('anonymous_secret = "random, and 32 characters or more"')
    assert words not in vaxel("check").stdout


def test_check_finds_files_that_a_destination_cannot_use_here(vaxel, tmp_path):
    """DOMAIN G5: before a case waits for it; the table alone is right, and can be published."""
    region = tmp_path / "routing_rules/sydvik/region.toml"
    plain, over_tls = ("http://127.0.0.1:8191/soap", "https://system.test/soap")
    files = f'"{over_tls}"\ntrusted_ca = "{tmp_path}/gone.pem"'
    region.write_text(region.read_text().replace(f'"{plain}"', files))
    assert vaxel("routes", "check").returncode == 0
    done = vaxel("check")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"sydvik/platina: .*gone\.pem cannot be used: .*No such file", done.stderr)


@pytest.mark.parametrize(
    ("lasts", "told"),
    [
        (timedelta(minutes=-5), r"expired at 20\S+; put a new one there$"),
        (timedelta(days=29), r"expires at 20\S+; put a new one there before$"),
        (timedelta(days=31), None),
    ],
)
def test_check_warns_of_a_certificate_of_ours_that_is_or_will_be_too_old(
    vaxel, tmp_path, lasts, told
):
    """DOMAIN C2, G5: with exit code 0, for a gateway that starts after it serves all others."""
    ours = make_authority(tmp_path).issue("ours", lasts=lasts)
    region = tmp_path / "routing_rules/sydvik/region.toml"
    files = f'client_certificate = "{ours.certificate}"\nclient_key = "{ours.key}"'
    address = '"http://127.0.0.1:8191/soap"'
    region.write_text(region.read_text().replace(address, f'"https://system.test/"\n{files}'))
    done = vaxel("check")
    assert (done.returncode, done.stderr) == (0, "")
    warned = [words for words in done.stdout.splitlines() if "certificate" in words]
    assert len(warned) == (told is not None)
    for words in warned:
        where, _, rest = words.partition(f": client_certificate: {ours.certificate} ")
        assert (where, bool(re.match(told, rest))) == ("sydvik/platina", True)


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
    vaxel("routes", "publish", *FIRST)
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
        ('callers = [{hsa_id = "A", name = "a", role = "case-receiver"}]', "callers"),
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
