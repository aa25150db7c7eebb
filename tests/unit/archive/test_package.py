"""A case as a package: whole, the same every time, and checked by others' tools (DOMAIN E3)."""

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from gateway.archive import words
from gateway.archive.document import document
from gateway.archive.names import path_of
from gateway.archive.notation import Shelf, file_to_json
from gateway.archive.package import write_package
from gateway.archive.xml import NAMESPACE
from gateway.domain.case import Attachment
from gateway.domain.content import InMemory, Stored
from gateway.domain.keeping import Keeping
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind
from gateway.flow.timeline import Step
from gateway.testing.builders import make_case, make_entry
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_contents import MemoryContents
from gateway.testing.store_contract.acts import accept, answer, change, supplement

NAMES = ("kvitto.png", "kvitto.png", "../Å\u202e/brev.txt")


@pytest.fixture(scope="module")
def case_file():
    """A case with all that can be said about it."""
    store = MemoryStore()
    letters = [
        Attachment(name, "text/plain", InMemory(f"{n}".encode())) for n, name in enumerate(NAMES)
    ]
    new = accept(store, make_case(attachments=tuple(letters[:1]), desired_outcome="En ursäkt"))
    change(store, new.number, supplement(attachments=tuple(letters[1:2])))
    change(store, new.number, answer(attachments=tuple(letters[2:])))
    entry = make_entry(step=Step.DIARY_NUMBER_RECORDED, details={"diaryNumber": "Å 1", "a": 1})
    store.keepings.change(new.number, lambda *_: (Keeping("Å 1"), entry))
    return store.case_files.read(new.number, make_entry(step=Step.CASE_EXPORTED))


@pytest.fixture(scope="module")
def packed(case_file):
    return write_package(case_file)


@pytest.fixture
def files(packed):
    """The files of the package by their paths."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_lost_file_is_said_to_be_lost(case_file):
    """DOMAIN E3: the rest of the case is packed, and nothing is passed over in silence."""
    digest, gone = "0" * 64, MemoryContents()
    file = Attachment("borta.txt", "text/plain", Stored(digest, 3, gone.open))
    file_left = replace(case_file, case=replace(case_file.case, attachments=(file,)))
    with zipfile.ZipFile(io.BytesIO(write_package(file_left))) as archive:
        told = json.loads(archive.read("case.json"))["case"]["attachments"]
        left = [name for name in archive.namelist() if name.startswith("attachments/")]
    named = {"fileName": "borta.txt", "mediaType": "text/plain"}
    assert told == [named | {"lost": True, "sha256": digest}]
    assert left == ["attachments/002-kvitto.png", "attachments/003-A_brev.txt"]
    rows = document(file_left, file_to_json(file_left, Shelf())).sections[2].rows
    assert any("har gått förlorad" in value for _, value in rows)


def test_the_same_case_gives_the_same_bytes(case_file, packed):
    """DOMAIN E3: whoever packs it again can compare."""
    assert write_package(case_file) == packed


def test_another_state_gives_other_bytes(case_file, packed):
    """DOMAIN E3."""
    changed = replace(case_file, keeping=Keeping("Å 2"))
    assert write_package(changed) != packed


def test_what_was_unpacked_fits_its_checksums(packed, tmp_path):
    """DOMAIN E3: with the tools that every archive has."""
    (tmp_path / "case.zip").write_bytes(packed)
    environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    for command in (["unzip", "-q", "case.zip"], ["sha256sum", "--strict", "-c", "checksums.txt"]):
        subprocess.run(command, cwd=tmp_path, check=True, env=environment, capture_output=True)


def test_every_file_has_a_checksum(files):
    """DOMAIN E3: but the checksums themselves."""
    named = {line.split("  ")[1] for line in files["checksums.txt"].decode().splitlines()}
    assert named == files.keys() - {"checksums.txt"}


def test_the_timeline_is_verified_by_the_rule_in_the_package(files):
    """DOMAIN G3: by a third party, with nothing but what was handed over."""
    previous = "0" * 64
    for e in json.loads(files["timeline.json"])["entries"]:
        entry = [e["number"], e["step"], e["at"], e["actor"], e["details"]]
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        previous = hashlib.sha256((previous + text).encode()).hexdigest()
        assert previous == e["hash"]
    assert "previous = hashlib.sha256((previous + text)" in files["README.txt"].decode()


def test_the_rule_in_the_package_runs_as_it_stands_there(files, tmp_path):
    """DOMAIN G3: and tells of an entry that was changed."""
    readme = files["README.txt"].decode().splitlines()
    rule = "\n".join(line.removeprefix("    ") for line in readme if line.startswith("    "))
    changed = files["timeline.json"].replace(b'"diaryNumber": "', b'"diaryNumber": "9')
    for timeline, code in ((files["timeline.json"], 0), (changed, 1)):
        (tmp_path / "timeline.json").write_bytes(timeline)
        done = subprocess.run(["python3", "-c", rule], cwd=tmp_path, capture_output=True)  # noqa: S607 as its reader runs it
        assert done.returncode == code, done.stderr


def test_the_data_say_all_that_was_said(files):
    """DOMAIN E3: structured, with the diary number."""
    told = json.loads(files["case.json"])
    assert told["diaryNumber"] == "Å 1"
    assert told["case"]["desiredOutcome"] == "En ursäkt"
    assert told["case"]["submitter"]["personId"]["number"] == "191212121212"
    assert [len(told[part]) for part in ("supplements", "messages")] == [1, 2]


def test_attached_files_are_whole_and_named_in_the_data(files):
    """DOMAIN E3: under safe names; what they were called is told."""
    told = json.loads(files["case.json"])
    parts = (told["case"], *told["supplements"], *told["messages"])
    found = [one for part in parts for one in part.get("attachments", ())]
    assert [one["fileName"] for one in found] == [*NAMES]
    assert [files[one["path"]] for one in found] == [b"0", b"1", b"2"]


def test_the_xml_says_what_the_json_says(files):
    """DOMAIN E3: the same keys, in the same order."""
    root, told = etree.fromstring(files["case.xml"]), json.loads(files["case.json"])
    assert etree.QName(root).localname == "caseFile"
    assert [etree.QName(child).localname for child in root] == [*told]
    texts = {"c": NAMESPACE}
    assert root.findtext("c:case/c:description", namespaces=texts) == told["case"]["description"]
    assert len(root.findall("c:messages/c:message", texts)) == 2


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("kvitto.png", "attachments/007-kvitto.png"),
        ("../../etc/passwd", "attachments/007-etc_passwd"),
        ("Åtgärder på ö.pdf", "attachments/007-Atgarder_pa_o.pdf"),
        ("漢字.png", "attachments/007-png"),
        ("...", "attachments/007-file"),
        ("con\\aux\n.txt", "attachments/007-con_aux_.txt"),
        ("x" * 300 + ".png", "attachments/007-" + "x" * 60 + ".png"),
        ("x." + "y" * 300, "attachments/007-x." + "y" * 20),
    ],
)
def test_a_file_gets_a_name_that_is_safe_everywhere(name, path):
    """DOMAIN E3: whoever unpacks it gets it where the package is, and nowhere else."""
    assert path_of(name, 7) == path


@pytest.mark.parametrize(
    ("said", "all_of"),
    [(words.STEPS, Step), (words.MESSAGES, InboxKind), (words.STATES, CaseState)],
)
def test_everything_has_its_words(said, all_of):
    """DOMAIN E3: a document with codes in it is not readable."""
    assert said.keys() == {*all_of}
