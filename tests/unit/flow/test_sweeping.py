"""Bytes that no row names any more go, and no others (DOMAIN E4)."""

from datetime import timedelta

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.contents import SHELVES, NotOurs, stored
from gateway.flow.retention import Disposing, Scope
from gateway.flow.sweeping import GRACE, Sweeping, claim
from gateway.testing.builders import NOW, make_attachment, make_case
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_contents import MemoryContents
from gateway.testing.store_contract.acts import accept, change, close, deliver_one

LATER = timedelta(minutes=1)


class Place:
    """A place of attachments beside a store, both with the same clock."""

    def __init__(self):
        """Begin empty, as what starts a gateway leaves it."""
        self.now = NOW
        self.contents, self.store = MemoryContents(self.clock), MemoryStore(self.clock)
        self.sweeping = Sweeping(self.contents, self.store.references, self.clock)
        claim(self.contents, self.store.references)

    def clock(self):
        """Tell the time."""
        return self.now

    def put(self, content):
        """Put a file that no row names yet."""
        return stored(self.contents, (make_attachment(content),))

    def sweep(self, after=GRACE + LATER):
        """Sweep every shelf, some time later."""
        self.now += after
        for shelf in SHELVES:
            self.sweeping.sweep(shelf)

    def accept(self, files):
        """Take in a case with these files, and deliver it."""
        new = accept(self.store, make_case(attachments=files))
        deliver_one(self.store)
        return new

    def dispose(self, new):
        """Close a case and dispose of it, as retention does."""
        change(self.store, new.number, close())
        at = NOW + timedelta(days=1000)
        scope = Scope(new.region, new.case.kind, at)
        assert self.store.retentions.dispose(new.number, Disposing(scope, "rule", "SE1", at))


@pytest.fixture
def place():
    return Place()


def test_what_no_row_ever_named_goes_in_two_rounds(place):
    """DOMAIN E4: a request that was refused after its files had come leaves nothing."""
    (orphan,) = place.put(b"orphan")
    place.sweep()
    assert (place.contents.there, [*place.contents.aside]) == ({}, [orphan.content.digest])
    place.sweep()
    assert not place.contents.aside


def test_what_was_put_a_moment_ago_is_left_alone(place):
    """DOMAIN C1: its row is being written now."""
    (file,) = place.put(b"new")
    place.sweep(after=GRACE - LATER)
    assert [*place.contents.there] == [file.content.digest]


def test_what_is_put_again_is_as_new(place):
    """DOMAIN E4: the grace begins anew for the row that is written after it."""
    place.put(b"again")
    place.now += GRACE
    place.put(b"again")
    place.sweep(after=LATER)
    assert place.contents.there


def test_what_two_cases_share_survives_one_of_them(place):
    """DOMAIN E4: disposal is of a case, and the other one is whole."""
    files = place.put(b"shared")
    one, other = place.accept(files), place.accept(files)
    place.dispose(one)
    place.sweep()
    place.sweep()
    (left,) = place.store.cases.content(other.number).attachments
    assert left.read() == b"shared"


def test_the_bytes_of_a_disposed_case_go(place):
    """DOMAIN E4: its content is gone, wherever it stood."""
    place.dispose(place.accept(place.put(b"once")))
    place.sweep()
    place.sweep()
    assert not place.contents.there
    assert not place.contents.aside


def test_a_row_that_comes_at_the_last_moment_finds_its_bytes_and_keeps_them(place):
    """DOMAIN C1: a sweep that looked just before the row was written does no harm."""
    files = place.put(b"late")
    place.sweep()
    new = place.accept(files)
    assert place.store.cases.content(new.number).attachments[0].read() == b"late"
    place.sweep()
    place.sweep()
    assert [*place.contents.there] == [files[0].content.digest]


def test_while_the_store_is_away_nothing_goes(place):
    """DOMAIN G2: nobody can tell then what is named."""
    place.put(b"orphan")
    place.store.gone = True
    with pytest.raises(Unavailable):
        place.sweep()
    assert place.contents.there


def test_what_another_store_has_put_is_left_alone(place):
    """DOMAIN E4: a second database on the same place would name nothing of the first."""
    files = place.put(b"of the first")
    place.accept(files)
    place.sweep()
    other = MemoryStore(place.clock)
    with pytest.raises(NotOurs, match=f"marked {place.store.references.identity()}"):
        Sweeping(place.contents, other.references, place.clock).step()
    assert [*place.contents.there] == [files[0].content.digest]


def test_a_place_without_a_mark_is_taken_when_it_is_empty(place):
    """DOMAIN E4: nothing needs to be done by hand."""
    place.contents.marked = None
    claim(place.contents, place.store.references)
    assert place.contents.marked == place.store.references.identity()


def test_a_place_without_a_mark_is_taken_when_its_files_are_named(place):
    """DOMAIN E4: a back-up may leave the mark out."""
    place.accept(place.put(b"ours"))
    place.contents.marked = None
    claim(place.contents, place.store.references)
    assert place.contents.marked == place.store.references.identity()


def test_a_place_without_a_mark_is_not_taken_when_nothing_there_is_ours(place):
    """DOMAIN E4: nobody knows whose the files are."""
    place.put(b"whose?")
    place.contents.marked = None
    with pytest.raises(NotOurs, match="no mark tells whose"):
        claim(place.contents, place.store.references)
    assert place.contents.marked is None


def test_steps_go_over_all_shelves(place):
    """DOMAIN E4: one shelf a step, round and round; between them others have their turn."""
    for number in range(9):
        place.put(bytes([number]))
    place.now += GRACE + LATER
    assert not any([place.sweeping.step() for _ in SHELVES])
    assert not place.contents.there
