"""The folders that FileDrop leaves and the replies that it picks up, on a real disk."""

import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pydantic import ValidationError

from adapters.file_drop import FileDrop, FileDropSettings, leaving, picking_up
from adapters.file_drop.local import LocalPlace
from gateway.adapter import Delivered, Tools, TryLater, Unavailable, message_to_json
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId
from gateway.domain.message import MessageKind
from gateway.domain.notation import case_message_to_json
from gateway.testing.adapter_contract import CONTRACTS
from gateway.testing.builders import NOW, TOLVAN, make_attachment, make_case_message
from gateway.testing.contract_messages import (
    forwarded,
    submitted,
    supplemented,
    with_attachments,
)
from gateway.testing.dialects import process_case_schema
from gateway.testing.foreign import FakeSteps, FakeUnitInbox

GATEWAY = "SE5560000000-VAXEL"
SCHEMA = process_case_schema(CONTRACTS)


@pytest.fixture
def drop(tmp_path):
    """An adapter that writes XML to one folder and reads replies from another."""
    (tmp_path / "out").mkdir()
    (tmp_path / "back").mkdir()
    return make_drop(tmp_path, format="xml")


def make_drop(path, rejected=None, **settings):
    folders = {"folder": path / "out", "replies_folder": path / "back"}
    return FileDrop(FileDropSettings.model_validate(folders | settings), make_tools(rejected))


def make_tools(rejected=None):
    """Lend what needs nothing but the disk; what is told of rejected files goes to a list."""
    told = [] if rejected is None else rejected
    http: Any = None
    lent = http, FakeUnitInbox(), CONTRACTS, FakeSteps(), GATEWAY
    return Tools(*lent, rejected=lambda *of: told.append(of))


def put(path: Path, content: str | bytes, *, age_s: float = 60) -> Path:
    """Put a file there, as if some time ago."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def put_reply(path, **fields):
    reply = make_case_message(case_number="26-000001", **fields)
    put(path, json.dumps(case_message_to_json(reply)))
    return reply


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("message", [with_attachments(), supplemented(), forwarded()])
def test_xml_is_the_process_case_of_the_contract(drop, tmp_path, message):
    """CONTRACT ProcessCase: one contract for all who read XML, checked by its schema."""
    assert drop.deliver(message) == Delivered()
    written = etree.parse(tmp_path / "out" / message.message_id / "message.xml")
    SCHEMA.assertValid(written)


def test_json_is_the_body_of_the_webhook_with_the_files_beside_it(tmp_path):
    """DOMAIN C5: attachments beside, under names that suit any disk; a manifest lists them."""
    (tmp_path / "out").mkdir()
    message = with_attachments()
    make_drop(tmp_path).deliver(message)
    left = tmp_path / "out" / message.message_id
    assert json.loads((left / "message.json").read_text()) == message_to_json(message)
    assert listed(left) == [
        "attachment-1.pdf",
        "attachment-2.txt",
        "manifest.json",
        "message.json",
    ]
    manifest = json.loads((left / "manifest.json").read_text())["files"]
    assert [(f["file"], f["bytes"]) for f in manifest][1:] == [
        ("attachment-1.pdf", 256), ("attachment-2.txt", 0),
    ]  # fmt: skip


def test_a_citizens_file_name_never_names_a_file(tmp_path):
    """DOMAIN A8: nothing is written beside the folder, and nothing twice."""
    (tmp_path / "out").mkdir()
    names = ["../../evil.sh", "a.pdf", "a.pdf", "x." + "y" * 200]
    files = tuple(make_attachment(file_name=name) for name in names)
    message = replace(submitted(), case=replace(submitted().case, attachments=files))
    make_drop(tmp_path).deliver(message)
    wanted = {"attachment-1.sh", "attachment-2.pdf", "attachment-3.pdf", "attachment-4"}
    assert wanted < set(listed(tmp_path / "out" / message.message_id))
    assert listed(tmp_path) == ["out"]


def test_a_folder_appears_whole_or_not_at_all(drop, tmp_path, monkeypatch):
    """DOMAIN C1: a full disk leaves nothing half done, and the next attempt does it."""

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(leaving, "_manifest", full)
        outcome = drop.deliver(submitted())
    assert outcome == TryLater("settings.folder cannot be written: No space left on device")
    assert listed(tmp_path / "out") == []
    assert drop.deliver(submitted()) == Delivered()


def test_what_a_killed_worker_left_half_done_is_cleared_away(drop, tmp_path, monkeypatch):
    """DOMAIN C1, C5: the next attempt makes it whole, and no dot folder stays."""
    half = tmp_path / "out" / ".m-1.half"
    half.mkdir()
    (half / "message.xml").touch()
    assert drop.deliver(submitted()) == Delivered()
    assert listed(tmp_path / "out") == ["m-1"]


def test_a_link_with_the_name_of_half_a_folder_empties_no_other(drop, tmp_path):
    """DOMAIN C1: who may write there must not make us clear away what lies elsewhere."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/kept").touch()
    (tmp_path / "out/.m-1.half").symlink_to(tmp_path / "theirs")
    assert drop.deliver(submitted()) == Delivered()
    assert (listed(tmp_path / "out"), listed(tmp_path / "theirs")) == (["m-1"], ["kept"])


def test_a_worker_taken_for_dead_never_shows_a_folder_that_is_being_cleared_away(
    drop, tmp_path, monkeypatch
):
    """DOMAIN C1, C6: it is late, and gives the folder its name while another removes its files."""
    message, late = submitted(), []
    target = tmp_path / "out" / message.message_id
    left = target.with_name(f".{target.name}.12345678")
    left.mkdir()
    put(left / "message.xml", "all of it")
    real = LocalPlace.remove_folder

    def remove_folder(place, path):
        with pytest.raises(FileNotFoundError) as refused:
            place.rename(left, target)
        late.append(refused)
        real(place, path)

    monkeypatch.setattr(LocalPlace, "remove_folder", remove_folder)
    assert drop.deliver(message) == Delivered()
    assert (len(late), "message.xml" in listed(target)) == (1, True)
    assert listed(tmp_path / "out") == [target.name]


def test_a_repeat_does_not_touch_what_lies_there(drop, tmp_path):
    """DOMAIN C6: whoever is reading it is not disturbed."""
    drop.deliver(submitted())
    before = (tmp_path / "out/m-1/message.xml").stat()
    assert drop.deliver(submitted()) == Delivered()
    assert (tmp_path / "out/m-1/message.xml").stat() == before


def test_a_folder_that_is_not_there_is_not_made(drop, tmp_path):
    """DOMAIN C1: a share that is not mounted must not be filled underneath."""
    (tmp_path / "out").rmdir()
    assert isinstance(drop.deliver(submitted()), TryLater)
    assert not (tmp_path / "out").exists()


def test_a_folder_is_named_from_the_root():
    """DOMAIN G5: where the gateway was started must not decide where cases go."""
    with pytest.raises(ValidationError, match="give the whole path"):
        FileDropSettings(folder=Path("out"))


def test_what_lies_there_is_found(drop, tmp_path):
    """DOMAIN C6: after an attempt that nobody knows the end of, it is looked for first."""
    assert drop.find(submitted()) is None
    drop.deliver(submitted())
    assert drop.find(submitted()) == Delivered()
    shutil.rmtree(tmp_path / "out")
    with pytest.raises(Unavailable, match=r"settings\.folder cannot be read: it is not there"):
        drop.find(submitted())


def test_a_configured_folder_may_be_a_link_on_every_attempt(tmp_path):
    """DOMAIN C1, C6: a mount often is; what failed once is looked for, and then left there."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    drop = make_drop(tmp_path)
    assert drop.find(submitted()) is None
    assert drop.deliver(submitted()) == Delivered()
    assert drop.find(submitted()) == Delivered()
    assert drop.deliver(submitted()) == Delivered()
    assert listed(tmp_path / "disk") == ["m-1"]


def test_a_link_that_leads_nowhere_is_no_folder(tmp_path):
    """DOMAIN C6: what is not mounted cannot tell what it has."""
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    with pytest.raises(Unavailable, match=r"settings\.folder cannot be read: it is not there"):
        make_drop(tmp_path).find(submitted())


def test_a_replies_folder_may_be_a_link_and_those_inside_are_not_followed(tmp_path):
    """DOMAIN D2: the link that was configured is ours; those inside are whoever's."""
    for name in ("disk", "theirs"):
        (tmp_path / name).mkdir()
    (tmp_path / "back").symlink_to(tmp_path / "disk")
    reply, drop = put_reply(tmp_path / "disk/svar.json"), make_drop(tmp_path)
    (given,) = drop.replies(NOW)
    drop.settle(given, None)
    assert (given, listed(tmp_path / "disk/taken")) == (reply, ["svar.json"])
    (tmp_path / "disk/rejected").symlink_to(tmp_path / "theirs")
    put(tmp_path / "disk/a.json", "{")
    with pytest.raises(Unavailable, match="rejected is a link"):
        list(drop.replies(NOW))
    assert listed(tmp_path / "theirs") == []


def test_a_reply_stays_until_it_is_settled_and_is_then_kept_aside(drop, tmp_path):
    """DOMAIN D2, C1: taken only when it is on disk with us."""
    attachment = make_attachment(media_type="text/plain", content=b"hej")
    reply = put_reply(tmp_path / "back/svar.json", attachments=(attachment,))
    (given,) = drop.replies(NOW)
    assert given == reply
    assert listed(tmp_path / "back") == ["svar.json"]
    drop.settle(given, None)
    assert listed(tmp_path / "back") == ["taken"]
    assert listed(tmp_path / "back/taken") == ["svar.json"]


def test_a_name_that_is_used_again_overwrites_nothing(drop, tmp_path):
    """DOMAIN G3: what was taken can be looked at afterwards."""
    for _ in range(3):
        put_reply(tmp_path / "back/svar.json")
        (given,) = drop.replies(NOW)
        drop.settle(given, None)
    *others, first = listed(tmp_path / "back/taken")
    assert first == "svar.json"
    assert [name[:7] for name in others] == ["svar-20", "svar-20"]


def test_a_reply_that_is_not_ours_to_read_is_told_after_the_others(drop, tmp_path, monkeypatch):
    """DOMAIN G2: it holds up none, and nobody must believe that it was taken."""
    put_reply(tmp_path / "back/a.json")
    reply = put_reply(tmp_path / "back/b.json")
    read = LocalPlace.read

    def guarded(place, path, most):
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied")
        return read(place, path, most)

    monkeypatch.setattr(LocalPlace, "read", guarded)
    replies = drop.replies(NOW)
    assert next(replies) == reply
    with pytest.raises(Unavailable, match=r"'a\.json': it cannot be read: Permission denied"):
        next(replies)


def test_a_refused_reply_is_put_aside_with_the_reason(drop, tmp_path):
    """DOMAIN D2: its sender finds out why."""
    put_reply(tmp_path / "back/svar.json")
    (given,) = drop.replies(NOW)
    drop.settle(given, "caseNumber: no such case")
    rejected = tmp_path / "back/rejected"
    assert (rejected / "svar.json").exists()
    assert (rejected / "svar.json.reason.txt").read_text() == "caseNumber: no such case\n"


WRONG = {
    "no JSON": ("{", "the file: is no JSON"),
    "another shape": ('{"messageId": "m", "messageKind": "REPLY"}', "messageKind: must be '"),
    "a key too many": ('{"extra": 1}', "extra: is not known here; leave it out"),
    "a control character": (
        '{"messageId": "m", "text": "\\u0000"}',
        "text: holds a character that XML cannot carry; leave it out",
    ),
    "a time that no clock has": (
        '{"messageId": "m", "sentTime": "9999-12-31T23:59:59-23:59"}',
        "sentTime: must be a time such as 2026-03-01T08:30:00Z",
    ),
    "a day that no calendar has": (
        '{"messageId": "m", "sentTime": "2026-02-30T12:00:00Z"}',
        "sentTime: must be a time that exists",
    ),
    "not UTF-8": (b'{"text": "\xe5"}', "the file: is no JSON"),
    "a file of nonsense": (
        '{"attachments": [{"fileName": "a", "mediaType": "b", "content": "?"}]}',
        "attachments/1/content: must be canonical base64 (RFC 4648), without line breaks",
    ),
    "endless keys": (json.dumps({f"k{n}": n for n in range(2001)}), "more than 2000 keys"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_no_reply_is_rejected_with_what_is_wrong(drop, tmp_path, content, reason):
    """DOMAIN D2: and those after it are not held up."""
    put(tmp_path / "back/a.json", content)
    reply = put_reply(tmp_path / "back/b.json")
    assert [given.message_id for given in drop.replies(NOW)] == [reply.message_id]
    assert reason in (tmp_path / "back/rejected/a.json.reason.txt").read_text()


def put_as_written(path, **changed):
    """Leave a reply whose fields are given as they stand in the file."""
    put(path, reply(**changed))


EVERYTHING = {
    "question": make_case_message(kind=MessageKind.COUNTER_QUESTION, text="När var det?"),
    "request for files": make_case_message(
        kind=MessageKind.SUPPLEMENT_REQUEST, text="Skicka intyget.", attachments_allowed=True
    ),
    "no more files": make_case_message(
        kind=MessageKind.SUPPLEMENT_REQUEST, text="Det räcker.", attachments_allowed=False
    ),
    "standard text": make_case_message(text=None, standard_text="WILL_CALL"),
    "classification": make_case_message(
        classification=Classification(("3.4",), "SOMATIC_CARE", "6.2")
    ),
    "where it happened": make_case_message(care_unit=HsaId("SE2321000016-1A2B")),
    "forwarding": make_case_message(
        kind=MessageKind.FORWARD, forward_to=HsaId("SE2321000016-3C4D")
    ),
}


@pytest.mark.parametrize("said", EVERYTHING.values(), ids=EVERYTHING)
def test_a_file_may_say_all_that_rest_takes(drop, tmp_path, said):
    """DOMAIN D2: the rules are the same as over REST."""
    put(tmp_path / "back/svar.json", json.dumps(case_message_to_json(said)))
    assert list(drop.replies(NOW)) == [said]


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_of_message_can_be_left_as_a_file(drop, tmp_path, kind):
    """DOMAIN D2: a kind that is new to REST is not forgotten here."""
    put_as_written(tmp_path / "back/svar.json", messageKind=kind.value)
    assert [given.kind for given in drop.replies(NOW)] == [kind]


def test_a_file_that_was_sent_before_is_for_rest_only(drop, tmp_path):
    """DOMAIN D4: nobody has sent us anything for a file to name."""
    put_as_written(tmp_path / "back/a.json", attachments=[{"attachmentId": "0198"}])
    assert list(drop.replies(NOW)) == []
    assert (tmp_path / "back/rejected/a.json.reason.txt").read_text() == (
        "attachments/1/attachmentId: is for messages over REST; send the file whole, in content\n"
    )


def test_a_key_that_stands_twice_is_rejected(drop, tmp_path):
    """RFC 8259 §4: nobody closes a case by the last of two kinds."""
    twice = reply().replace('"messageKind"', '"messageKind": "CLOSED", "messageKind"', 1)
    put(tmp_path / "back/a.json", twice)
    assert list(drop.replies(NOW)) == []
    assert (tmp_path / "back/rejected/a.json.reason.txt").read_text() == (
        "the file: a key stands twice in the same object; send each once\n"
    )


def test_a_file_has_at_most_as_much_as_a_request(drop, tmp_path):
    """DOMAIN A10: 15 MiB, as the guide says; what has just that is read."""
    whole = reply()
    put(tmp_path / "back/a.json", whole + " " * (15_728_641 - len(whole)))
    put(tmp_path / "back/b.json", whole + " " * (15_728_640 - len(whole)))
    assert [given.message_id for given in drop.replies(NOW)] == ["m-1"]
    assert (tmp_path / "back/rejected/a.json.reason.txt").read_text() == (
        "the file is larger than 15728640 bytes; send less\n"
    )


def test_a_rejected_file_is_told_once_by_its_name(tmp_path):
    """DOMAIN G2: whoever watches the gateway hears of it, and not only who left it."""
    told: list[tuple[str, str]] = []
    (tmp_path / "back").mkdir()
    drop = make_drop(tmp_path, told)
    put(tmp_path / "back/a.json", '{"messageId": "m-1", "extra": 1}')
    put_as_written(tmp_path / "back/b.json")
    for _ in range(2):
        assert len(list(drop.replies(NOW))) == 1
    [(name, reason)] = told
    assert (name, "extra: is not known here; leave it out" in reason) == ("a.json", True)


def test_a_file_that_cannot_be_rejected_is_not_told_as_such(tmp_path):
    """DOMAIN G2: it lies there still, and the folder's trouble is told instead."""
    told: list[tuple[str, str]] = []
    (tmp_path / "back").mkdir()
    (tmp_path / "back/rejected").symlink_to(tmp_path)
    put(tmp_path / "back/a.json", "{")
    with pytest.raises(Unavailable, match="rejected is a link"):
        list(make_drop(tmp_path, told).replies(NOW))
    assert told == []


def test_a_reason_repeats_nothing_of_the_file(drop, tmp_path):
    """DOMAIN A8: it may lie where others read it."""
    put(tmp_path / "back/a.json", json.dumps({"messageId": {"of": TOLVAN.number}}))
    assert list(drop.replies(NOW)) == []
    assert TOLVAN.number not in (tmp_path / "back/rejected/a.json.reason.txt").read_text()


def test_a_file_that_is_still_being_written_is_left_alone(drop, tmp_path):
    """DOMAIN C1: half a reply is none."""
    put(tmp_path / "back/now.json", "{", age_s=0)
    put(tmp_path / "back/.hidden.json", "{")
    put(tmp_path / "back/svar.json.tmp", "{")
    (tmp_path / "back/folder.json").mkdir()
    (tmp_path / "back/link.json").symlink_to(tmp_path / "back/svar.json.tmp")
    assert list(drop.replies(NOW)) == []
    assert "rejected" not in listed(tmp_path / "back")


def test_a_file_from_the_future_is_taken_when_it_stays_as_it_is(drop, tmp_path, monkeypatch):
    """DOMAIN D2: the clock of the machine that has the folder may be ahead."""
    monkeypatch.setattr(picking_up, "SETTLED_S", 0.1)
    reply = put_reply(tmp_path / "back/svar.json")
    put(tmp_path / "back/svar.json", (tmp_path / "back/svar.json").read_text(), age_s=-86_400)
    assert [given.message_id for given in drop.replies(NOW)] == [reply.message_id]


def test_a_file_from_the_future_that_grows_is_left_alone(drop, tmp_path, monkeypatch):
    """DOMAIN C1: half a reply is none, whatever the clocks say."""
    path = tmp_path / "back/svar.json"
    put(path, "{", age_s=-86_400)
    monkeypatch.setattr(time, "sleep", lambda _: put(path, "{ ", age_s=-86_400))
    assert list(drop.replies(NOW)) == []


def test_a_name_in_capitals_is_one_too(drop, tmp_path):
    """DOMAIN D2: as some systems write all of theirs."""
    reply = put_reply(tmp_path / "back/SVAR.JSON")
    (given,) = drop.replies(NOW)
    drop.settle(given, None)
    assert given.message_id == reply.message_id
    assert listed(tmp_path / "back/taken") == ["SVAR.json"]


def test_a_name_that_is_no_text_is_not_hidden(drop, tmp_path):
    """DOMAIN C1: whoever looks for it must find it."""
    reply = put_reply(Path(os.fsdecode(os.fsencode(tmp_path / "back") + b"/\xff.json")))
    (given,) = drop.replies(NOW)
    drop.settle(given, None)
    assert (given.message_id, listed(tmp_path / "back/taken")) == (
        reply.message_id,
        ["reply.json"],
    )


def test_a_replies_folder_that_is_not_there_is_trouble(drop, tmp_path):
    """DOMAIN G2: nobody must believe that nothing was said."""
    (tmp_path / "back").rmdir()
    with pytest.raises(Unavailable, match=r"settings\.replies_folder cannot be read"):
        list(drop.replies(NOW))


def test_two_workers_may_pick_up_the_same_reply(drop, tmp_path):
    """DOMAIN D2: the second one moves nothing, and says nothing."""
    put_reply(tmp_path / "back/svar.json")
    other = make_drop(tmp_path)
    (first,), (second,) = drop.replies(NOW), other.replies(NOW)
    drop.settle(first, None)
    other.settle(second, None)
    assert listed(tmp_path / "back") == ["taken"]


def test_without_a_replies_folder_there_are_no_replies(tmp_path):
    """CONTRACT Polls: the system posts them itself."""
    drop = FileDrop(FileDropSettings(folder=tmp_path), make_tools())
    assert list(drop.replies(NOW)) == []


def reply(**told):
    """Write a reply that the case system could leave."""
    message = {"messageId": "m-1", "messageKind": "RECEIVED", "caseNumber": "2026-7F3K-9QWM2X"}
    return json.dumps(message | {"sentTime": "2026-03-02T09:30:00+01:00"} | told)


def leave(path, content):
    """Leave a file that nobody writes any more."""
    path.write_text(content, encoding="utf-8-sig")
    os.utime(path, (1, 1))


def test_a_file_from_windows_is_read(drop, tmp_path):
    """RFC 8259 §8.1: a byte order mark may be passed over."""
    leave(tmp_path / "back/a.json", reply())
    assert [message.message_id for message in drop.replies(NOW)] == ["m-1"]


def test_a_link_is_not_followed_when_a_file_is_put_aside(drop, tmp_path):
    """Whoever may write replies must not be able to overwrite anything else."""
    (tmp_path / "back/rejected").mkdir()
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "back/rejected/a.json.reason.txt").symlink_to(victim)
    leave(tmp_path / "back/a.json", "{}")
    assert list(drop.replies(NOW)) == []
    assert victim.read_text() == "untouched"
    assert "messageId" in (tmp_path / "back/rejected/a.json.reason.txt").read_text()


def test_nothing_is_moved_into_a_folder_that_is_a_link(drop, tmp_path):
    """It could be another system's folder, whose replies are believed to be its own."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "back/rejected").symlink_to(tmp_path / "theirs")
    leave(tmp_path / "back/a.json", "{}")
    leave(tmp_path / "back/b.json", reply())
    replies = drop.replies(NOW)
    assert next(iter(replies)).message_id == "m-1"
    assert listed(tmp_path / "theirs") == []


def test_a_long_name_stops_no_other(drop, tmp_path):
    """A name has at most 255 bytes, and the reason's is longer."""
    leave(tmp_path / f"back/{'a' * 248}.json", "{}")
    leave(tmp_path / "back/zz.json", reply())
    assert [message.message_id for message in drop.replies(NOW)] == ["m-1"]
    assert len(listed(tmp_path / "back/rejected")) == 2
