"""SFTP is one more place for files: the contract over a real server, and what may go wrong."""

import gc
import json
import os
import socket
import time
from contextlib import contextmanager
from dataclasses import replace

import asyncssh
import pytest

from adapters.file_drop import FileDrop, FileDropSettings, sftp
from adapters.file_drop.picking_up import LARGEST_REPLY, MOST_LEFT
from gateway.adapter import Delivered, SecretStr, Tools, TryLater, Unavailable, Unclear
from gateway.domain.blame import Blame, cause_of
from gateway.domain.notation import case_message_to_json
from gateway.domain.policy import Policy
from gateway.testing.adapter_contract import CONTRACTS, AdapterContract, FindingContract
from gateway.testing.builders import NOW, make_attachment, make_case_message
from gateway.testing.contract_messages import submitted
from gateway.testing.foreign import FakeSteps, FakeUnitInbox, Mood
from gateway.testing.patience import PATIENT
from gateway.wire import lent_client
from tests.sftp_system import SftpSystem, public_line

# Each call is a whole session with its ciphers, and has this time for all of it.
HASTY = Policy(connect_timeout_s=2.0, read_timeout_s=2.0)
# What a slow machine may need on top of what the policy allows (seconds).
SOON = 30


@contextmanager
def tools_of(policy):
    """Lend a destination what the worker lends."""
    with lent_client(policy) as http:
        yield Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), "SE5560000000-VAXEL")


@pytest.fixture
def lent():
    """The tools of a destination that is patient with a slow machine."""
    with tools_of(PATIENT) as tools:
        yield tools


class TestSftp(AdapterContract, FindingContract):
    """Folders with a message each, on a server elsewhere."""

    adapter = FileDrop

    @pytest.fixture
    def remote(self, tmp_path):
        with SftpSystem(tmp_path) as system:
            yield system

    @pytest.fixture
    def tools(self, policy):
        with tools_of(PATIENT if policy is PATIENT else HASTY) as tools:
            yield tools


@pytest.fixture(params=[3, 6])
def server(request, tmp_path):
    """A server of the oldest and of the newest version of the protocol."""
    with SftpSystem(tmp_path, version=request.param) as system:
        yield system


@pytest.fixture
def drop(server, lent):
    """An adapter for the server."""
    return make_drop(server, lent)


def make_drop(server, lent, **other):
    settings = {**server.settings, "replies_folder": "/svar", **other}
    known = {key: value for key, value in settings.items() if value is not None}
    return FileDrop(FileDropSettings.model_validate(known), lent)


def blamed(outcome):
    assert isinstance(outcome, TryLater), outcome
    return cause_of("nordmark/arkivet", "try-later", outcome.reason).blame


def leave_reply(path, content=None, **fields):
    reply = make_case_message(case_number="26-000001", **fields)
    path.write_bytes(content or json.dumps(case_message_to_json(reply)).encode())
    os.utime(path, (1, 1))
    return reply


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_server_with_another_key_gets_nothing(server, lent):
    """DOMAIN G2: not even our password; and whoever reads the reason knows what to do."""
    other = public_line(asyncssh.generate_private_key("ssh-ed25519"))
    outcome = make_drop(server, lent, host_key=other).deliver(submitted())
    assert blamed(outcome) is Blame.CONFIGURATION
    assert "settings.host_key; ask who runs it" in outcome.reason
    assert (server.logins, server.arrivals) == (0, [])


def test_a_server_without_a_key_of_that_kind_gets_nothing(server, lent):
    """DOMAIN G2: it could be anybody."""
    other = public_line(asyncssh.generate_private_key("ecdsa-sha2-nistp256"))
    outcome = make_drop(server, lent, host_key=other).deliver(submitted())
    assert blamed(outcome) is Blame.CONFIGURATION
    assert "no host key of the kind in settings.host_key" in outcome.reason or (
        # Some hang up before they have said why.
        "has no key of the kind in settings.host_key" in outcome.reason
    )
    assert (server.logins, server.arrivals) == (0, [])


def test_a_server_that_does_not_let_us_in_is_ours_to_set_right(server, lent):
    """DOMAIN C4: nothing is wrong with the message, which waits."""
    outcome = make_drop(server, lent, password=SecretStr("wrong")).deliver(submitted())
    assert blamed(outcome) is Blame.CONFIGURATION
    assert "see settings.username, settings.key_file and settings.password" in outcome.reason


def test_a_private_key_lets_us_in(server, lent, tmp_path):
    """DOMAIN C5: the file alone, with no password."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    server.authorized = public_line(key)
    drop = make_drop(server, lent, key_file=tmp_path / "key", password=None)
    assert drop.deliver(submitted()) == Delivered()


@pytest.mark.parametrize("content", [None, b"no key", "locked"])
def test_a_key_file_that_is_none_is_ours_to_set_right(server, lent, tmp_path, content):
    """DOMAIN G2: it is told before anybody is called."""
    path = tmp_path / "key"
    if content == "locked":
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(path, "pkcs8-pem", passphrase="open")
    elif content:
        path.write_bytes(content)
    outcome = make_drop(server, lent, key_file=path).deliver(submitted())
    assert blamed(outcome) is Blame.CONFIGURATION
    assert outcome.reason.startswith("settings.key_file ")


def test_who_accepts_and_says_nothing_is_waited_for_no_longer_than_the_policy_allows(server):
    """DOMAIN C2: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as silent, tools_of(HASTY) as lent:
        began = time.monotonic()
        outcome = make_drop(server, lent, port=silent.getsockname()[1]).deliver(submitted())
    assert outcome == TryLater("the SFTP server did not let us in within the time")
    longest_s = HASTY.connect_timeout_s + HASTY.read_timeout_s
    assert time.monotonic() - began < longest_s + SOON


@pytest.mark.parametrize("call", ["scandir", "mkdir", "write"])
def test_a_line_that_breaks_before_the_renaming_has_handed_nothing_over(server, drop, call):
    """DOMAIN C2: and what lies half done is cleared away by the next attempt."""
    server.cuts.add(call)
    assert drop.deliver(submitted()) == TryLater("the SFTP server broke off")
    server.cuts.clear()
    assert drop.deliver(submitted()) == Delivered()
    assert listed(server.folder / "in") == ["m-1"]


def test_what_a_server_left_under_way_is_told_by_the_outcome_alone(tmp_path, caplog):
    """DOMAIN G1: and not by a line in the log for each piece of a file that it did not take."""
    large = make_attachment(content=bytes(1_000_000))
    case = replace(submitted().case, attachments=(large,))
    with SftpSystem(tmp_path) as server, tools_of(HASTY) as lent:
        server.silences.add("write")
        outcome = make_drop(server, lent).deliver(replace(submitted(), case=case))
    gc.collect()
    assert outcome == TryLater("the SFTP server did not do it within the time")
    assert [line for line in caplog.messages if "never retrieved" in line] == []


def test_a_link_there_with_the_name_of_half_a_folder_empties_no_other(server, drop):
    """DOMAIN C1: who may write there must not make us clear away what lies elsewhere."""
    (server.folder / "theirs").mkdir()
    (server.folder / "theirs/kept").touch()
    (server.folder / "in/.m-1.half").symlink_to("../theirs")
    assert drop.deliver(submitted()) == Delivered()
    assert (listed(server.folder / "in"), listed(server.folder / "theirs")) == (["m-1"], ["kept"])


def test_a_line_that_breaks_at_the_renaming_leaves_it_unclear_until_it_is_looked_for(server, drop):
    """DOMAIN C6: so a repeat does not double."""
    server.cuts.add("rename")
    outcome = drop.deliver(submitted())
    assert outcome == Unclear(
        "it was asked to show the files, and then: the SFTP server broke off"
    )
    server.cuts.clear()
    assert drop.find(submitted()) == Delivered()
    assert drop.deliver(submitted()) == Delivered()
    assert listed(server.folder / "in") == ["m-1"]


def test_what_is_left_is_for_the_account_and_its_group_alone(server, drop):
    """DOMAIN A8: and those may clear it away."""
    drop.deliver(submitted())
    assert (server.folder / "in/m-1").stat().st_mode & 0o777 == 0o770


SAYS = {
    "forbidden": (asyncssh.SFTPPermissionDenied("x"), "does not permit", Blame.CONFIGURATION),
    "full": (asyncssh.SFTPNoSpaceOnFilesystem("x"), "disk", Blame.THEIRS),
    "no more": (asyncssh.SFTPFailure("x"), "its disk may be full", Blame.THEIRS),
    "no folder": (asyncssh.SFTPNoSuchFile("x"), "settings.folder", Blame.CONFIGURATION),
}


@pytest.mark.parametrize(("answer", "words", "blame"), SAYS.values(), ids=SAYS)
def test_what_a_server_says_is_told_in_plain_words(server, drop, answer, words, blame):
    """DOMAIN C2, C4: nothing was taken; nothing half done stays."""
    server.answers["write"] = answer
    outcome = drop.deliver(submitted())
    assert words in outcome.reason
    assert blamed(outcome) is blame
    assert listed(server.folder / "in") == []


def test_a_configured_folder_there_may_be_a_link_on_every_attempt(server, lent):
    """DOMAIN C1, C6: what failed once is looked for, and then left there; replies come as ever."""
    (server.folder / "in").rename(server.folder / "disk")
    (server.folder / "in").symlink_to("disk")
    (server.folder / "back").symlink_to("svar")
    drop = make_drop(server, lent, replies_folder="/back")
    assert drop.find(submitted()) is None
    assert drop.deliver(submitted()) == Delivered()
    assert drop.find(submitted()) == Delivered()
    assert drop.deliver(submitted()) == Delivered()
    assert listed(server.folder / "disk") == ["m-1"]
    reply = leave_reply(server.folder / "svar/svar.json")
    (given,) = drop.replies(NOW)
    drop.settle(given, None)
    assert (given, listed(server.folder / "svar/taken")) == (reply, ["svar.json"])


def test_a_link_there_that_leads_nowhere_is_no_folder(server, drop):
    """DOMAIN C6: what is not mounted cannot tell what it has."""
    (server.folder / "in").rmdir()
    (server.folder / "in").symlink_to("disk")
    with pytest.raises(Unavailable, match=r"settings\.folder cannot be read: it is not there"):
        drop.find(submitted())


def test_a_reply_is_picked_up_there_and_kept_aside(server, drop):
    """DOMAIN D2, C1: taken only when it is on disk with us."""
    reply = leave_reply(server.folder / "svar/svar.json")
    (given,) = drop.replies(NOW)
    assert given == reply
    assert listed(server.folder / "svar") == ["svar.json"]
    drop.settle(given, None)
    assert listed(server.folder / "svar/taken") == ["svar.json"]


def test_a_refused_reply_is_put_aside_there_with_the_reason(server, drop):
    """DOMAIN D2: its sender finds out why, and no earlier reason is written over."""
    for _ in range(2):
        leave_reply(server.folder / "svar/svar.json")
        (given,) = drop.replies(NOW)
        drop.settle(given, "caseNumber: no such case")
    rejected = server.folder / "svar/rejected"
    second, its_reason, *first = listed(rejected)
    assert first == ["svar.json", "svar.json.reason.txt"]
    assert its_reason == f"{second}.reason.txt"
    assert (rejected / "svar.json.reason.txt").read_text() == "caseNumber: no such case\n"


def test_what_is_no_reply_there_stops_no_other(server, drop):
    """DOMAIN D2: links, folders, odd names and what is too large."""
    there = server.folder / "svar"
    (there / "link.json").symlink_to(server.folder / "key")
    (there / "folder.json").mkdir()
    (there / os.fsdecode(b"\xe5.txt")).touch()
    leave_reply(there / os.fsdecode(b"\xe5.json"), b"{")
    leave_reply(there / "large.json", b"{")
    os.truncate(there / "large.json", LARGEST_REPLY + 1)
    os.utime(there / "large.json", (1, 1))
    reply = leave_reply(there / "svar.json")
    assert list(drop.replies(NOW)) == [reply]
    reason = (there / "rejected/large.json.reason.txt").read_text()
    assert reason == f"the file is larger than {LARGEST_REPLY} bytes; send less\n"
    assert listed(there) == [
        "folder.json",
        "link.json",
        "rejected",
        "svar.json",
        os.fsdecode(b"\xe5.txt"),
    ]


def test_nothing_is_moved_there_into_a_folder_that_is_a_link(server, drop):
    """It could be another system's folder, whose replies are believed to be its own."""
    (server.folder / "theirs").mkdir()
    (server.folder / "svar/rejected").symlink_to(server.folder / "theirs")
    leave_reply(server.folder / "svar/a.json", b"{}")
    with pytest.raises(Unavailable, match="rejected is a link"):
        list(drop.replies(NOW))
    assert listed(server.folder / "theirs") == []


def test_a_line_that_breaks_at_every_reply_is_not_tried_for_each(server, drop):
    """DOMAIN G2: each takes its time, and the other rounds too."""
    for n in range(MOST_LEFT + 2):
        leave_reply(server.folder / f"svar/{n}.json")
    server.cuts.add("read")
    with pytest.raises(Unavailable, match="the SFTP server broke off"):
        list(drop.replies(NOW))
    assert server.logins == 1 + MOST_LEFT


def test_some_that_the_line_breaks_at_stop_no_other(server, drop):
    """DOMAIN D2: a scanner there may cut it at what it does not like, whenever it is asked for."""
    for name in ("a.json", "b.json", "c.json"):
        leave_reply(server.folder / "svar" / name)
        server.cuts.add(name)
    reply = leave_reply(server.folder / "svar/d.json")
    replies = drop.replies(NOW)
    assert next(replies) == reply
    with pytest.raises(Unavailable, match=r"'a\.json': the .* broke off; 'b\.json': the"):
        next(replies)


def test_a_server_that_goes_away_between_two_replies_is_asked_no_more(server, drop):
    """DOMAIN G2: that is no trouble of a file, and the others would only wait."""
    for n in range(3):
        leave_reply(server.folder / f"svar/{n}.json")
    replies = drop.replies(NOW)
    next(replies)
    server.be(Mood.GONE)
    with pytest.raises(Unavailable) as caught:
        next(replies)
    assert ";" not in str(caught.value)


def test_a_folder_that_is_never_cleared_is_told(server, drop, monkeypatch):
    """DOMAIN G2: a list without end would fill our memory."""
    monkeypatch.setattr(sftp, "MOST_ENTRIES", 2)
    for n in range(3):
        (server.folder / f"in/{n}").touch()
    outcome = drop.deliver(submitted())
    assert outcome == TryLater("there are more than 2 names in one folder; clear it")


def test_replies_on_a_server_that_is_gone_are_not_believed_to_be_none(server, drop):
    """DOMAIN G2: nobody must believe that nothing was said."""
    server.be(Mood.GONE)
    with pytest.raises(Unavailable, match="the SFTP server cannot be reached"):
        list(drop.replies(NOW))
