"""A file that was sent by itself, in a database and a folder: as long as anybody names it."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.contents import FolderContents
from gateway.domain.content import InMemory
from gateway.domain.law import Limits
from gateway.flow.caller import Caller, Role
from gateway.flow.file_intake import FileIntake
from gateway.flow.sweeping import GRACE, Sweeping
from gateway.flow.uploads import KEPT_FOR, Coming, Uploads
from gateway.scanner import recognise
from gateway.store.sql_store import open_store
from gateway.testing.builders import E_SERVICE, make_case, make_new_case
from gateway.testing.small_files import PNG

pytest_plugins = ["gateway.testing.postgres"]

CALLER = Caller(E_SERVICE, "1177", Role.E_SERVICE)
COMING = Coming("u-1", "röntgen.png", "image/png", (PNG[:20], PNG[20:]))


class Node:
    """A node with its database and its folder; `later` is how far its clock is ahead."""

    def __init__(self, url, folder):
        self.later = timedelta()
        self.contents = FolderContents(folder)
        self.store = open_store(url, self.contents.open)
        files = FileIntake(self.contents, recognise)
        self.uploads = Uploads(self.store.uploads, files, self.now, Limits())

    def now(self):
        """Tell the time."""
        return datetime.now(UTC) + self.later

    def named(self, upload):
        """Give the file as a message names it."""
        return tuple(self.uploads.named([str(upload.id)], "attachments", CALLER))

    def clean_up(self):
        """Let go of what has expired, and of what nobody names, twice as the grace has it."""
        self.uploads.expire()
        for _ in range(2):
            self.later += GRACE + timedelta(minutes=1)
            sweeping = Sweeping(self.contents, self.store.references, self.now)
            sweeping.sweep(InMemory(PNG).digest[:2])

    def has_bytes(self):
        """Tell whether the picture lies in the folder."""
        return bool(self.contents.lying(InMemory(PNG).digest[:2]))


@pytest.fixture
def node(url, tmp_path):
    node = Node(url, tmp_path / "attachments")
    yield node
    node.store.close()


def test_a_file_that_nobody_named_goes_when_it_has_expired(node):
    """DOMAIN D4, E4: the row first, and then the bytes."""
    upload, _ = node.uploads.receive(COMING, CALLER)
    node.clean_up()
    assert [one.read() for one in node.named(upload)] == [PNG]
    node.later = KEPT_FOR
    node.clean_up()
    assert not node.has_bytes()


def test_a_file_that_a_case_has_named_stays_with_the_case(node):
    """DOMAIN D4: when its own time is over too."""
    upload, _ = node.uploads.receive(COMING, CALLER)
    new = make_new_case(make_case(attachments=node.named(upload)))
    node.store.cases.add([new])
    node.later = KEPT_FOR
    node.clean_up()
    [file] = node.store.cases.content(new.number).attachments
    assert (file.file_name, file.read()) == ("röntgen.png", PNG)


def test_the_same_bytes_under_two_keys_are_two_files_and_stand_once(node):
    """DOMAIN D4: found by their digest."""
    first, _ = node.uploads.receive(COMING, CALLER)
    other, is_repeat = node.uploads.receive(Coming("u-2", "b.png", "image/png", [PNG]), CALLER)
    assert (first.file.content, is_repeat) == (other.file.content, False)
    assert len(node.contents.lying(InMemory(PNG).digest[:2])) == 1
