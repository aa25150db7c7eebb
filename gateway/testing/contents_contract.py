# ruff: noqa: S101 (assert is how pytest speaks)
"""
What every place of attachments promises, as tests that it inherits.

    class TestMyContents(ContentsContract):
        @pytest.fixture
        def contents(self):
            return my_contents()

        @pytest.fixture
        def spoil(self, contents):
            return lambda digest, data: ...  # put other bytes under that digest

Each test begins with an empty place.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain.errors import ContentLost
from gateway.flow.contents import SHELVES, Contents, Lying

Spoil = Callable[[str, bytes], None]

PARTS = [b"Hej ", b"", b"d\xc3\xa5!"]
WHOLE = b"".join(PARTS)
DIGEST = hashlib.sha256(WHOLE).hexdigest()
SHELF = DIGEST[:2]
# Clocks of other machines tell seconds only, and may be a little off.
NEAR = timedelta(minutes=5)


def read(contents: Contents, digest: str) -> bytes:
    """Read all of it."""
    return b"".join(contents.open(digest))


class ContentsContract:
    """The promises."""

    def test_what_is_put_in_parts_is_read_whole(self, contents: Contents) -> None:
        """DOMAIN D4: byte for byte, named by the SHA-256 of it all."""
        stored = contents.put(iter(PARTS))
        assert (stored.digest, stored.size) == (DIGEST, len(WHOLE))
        assert read(contents, DIGEST) == WHOLE == b"".join(stored.chunks())

    def test_a_place_has_the_mark_that_was_left_last(self, contents: Contents) -> None:
        """DOMAIN E4: whose it is can be told."""
        assert contents.owner() is None
        contents.mark("1")
        contents.mark("2")
        contents.put([WHOLE])
        assert contents.owner() == "2"
        assert [one.digest for one in contents.lying(SHELF)] == [DIGEST]

    def test_a_large_file_comes_in_parts(self, contents: Contents) -> None:
        """DOMAIN D4: nobody holds all of it."""
        part = bytes(range(256)) * 4096
        stored = contents.put([part] * 7)
        assert sum(map(len, contents.open(stored.digest))) == stored.size == 7 * len(part)

    def test_nothing_is_a_content_too(self, contents: Contents) -> None:
        """DOMAIN D4: a file without bytes is kept as what it is."""
        assert read(contents, contents.put([]).digest) == b""

    def test_what_is_put_twice_lies_there_once(self, contents: Contents) -> None:
        """DOMAIN D4: two cases with the same file share its bytes."""
        contents.put([WHOLE])
        contents.put([WHOLE])
        assert [one.digest for one in contents.lying(SHELF)] == [DIGEST]

    def test_what_was_never_put_is_lost(self, contents: Contents) -> None:
        """DOMAIN G2: a fault of ours is told as what it is, and names nobody."""
        with pytest.raises(ContentLost, match="attachment"):
            read(contents, DIGEST)

    def test_what_was_changed_is_never_given_as_if_it_were_right(
        self, contents: Contents, spoil: Spoil
    ) -> None:
        """DOMAIN D4: what is short enough for one part is not given at all."""
        contents.put([WHOLE])
        spoil(DIGEST, b"something else")
        with pytest.raises(ContentLost, match="attachment"):
            next(contents.open(DIGEST))

    def test_of_what_was_changed_the_last_part_is_never_given(
        self, contents: Contents, spoil: Spoil
    ) -> None:
        """DOMAIN D4: whoever was given a beginning sees that there is no end."""
        whole, given = bytes(3 * 1024 * 1024), list[bytes]()
        digest = contents.put([whole]).digest
        spoil(digest, whole[:-1] + b"x")
        with pytest.raises(ContentLost):
            given.extend(contents.open(digest))
        assert sum(map(len, given)) < len(whole)

    def test_a_put_mends_what_was_changed(self, contents: Contents, spoil: Spoil) -> None:
        """DOMAIN D4: what comes again is written again."""
        contents.put([WHOLE])
        spoil(DIGEST, b"something else")
        contents.put([WHOLE])
        assert read(contents, DIGEST) == WHOLE

    def test_a_put_that_breaks_off_leaves_nothing(self, contents: Contents) -> None:
        """DOMAIN D4: what a caller did not finish is no file."""

        def breaks_off() -> Iterator[bytes]:
            yield b"Hej "
            raise ValueError("the caller went away")

        with pytest.raises(ValueError, match="went away"):
            contents.put(breaks_off())
        assert [one for shelf in SHELVES for one in contents.lying(shelf)] == []

    def test_a_shelf_tells_what_lies_there_since_when(self, contents: Contents) -> None:
        """DOMAIN E4: what is swept is looked for shelf by shelf."""
        contents.put([WHOLE])
        [one] = contents.lying(SHELF)
        assert one == Lying(DIGEST, one.since, is_aside=False)
        assert abs(one.since - datetime.now(UTC)) < NEAR
        other = next(shelf for shelf in SHELVES if shelf != SHELF)
        assert contents.lying(other) == []

    def test_what_is_aside_is_read_as_before(self, contents: Contents) -> None:
        """DOMAIN E4: a row that came at the last moment finds its bytes."""
        contents.put([WHOLE])
        contents.put_aside(DIGEST)
        assert read(contents, DIGEST) == WHOLE
        [one] = contents.lying(SHELF)
        assert (one.digest, one.is_aside) == (DIGEST, True)

    def test_what_is_put_again_is_not_what_lies_aside(self, contents: Contents) -> None:
        """DOMAIN E4: it stays when what lies aside goes."""
        contents.put([WHOLE])
        contents.put_aside(DIGEST)
        contents.put([WHOLE])
        contents.remove(DIGEST)
        assert [one.is_aside for one in contents.lying(SHELF)] == [False]
        assert read(contents, DIGEST) == WHOLE

    def test_what_is_brought_back_lies_where_it_lay(self, contents: Contents) -> None:
        """DOMAIN E4: there was a row after all."""
        contents.put([WHOLE])
        contents.put_aside(DIGEST)
        contents.bring_back(DIGEST)
        contents.remove(DIGEST)
        assert read(contents, DIGEST) == WHOLE

    def test_what_is_removed_is_gone(self, contents: Contents) -> None:
        """DOMAIN E4: nothing is left of it."""
        contents.put([WHOLE])
        contents.put_aside(DIGEST)
        contents.remove(DIGEST)
        assert contents.lying(SHELF) == []
        with pytest.raises(ContentLost):
            read(contents, DIGEST)

    def test_what_is_not_there_can_be_let_go_of(self, contents: Contents) -> None:
        """DOMAIN E4: two nodes may sweep at once; the second has nothing to do."""
        for do in (contents.put_aside, contents.bring_back, contents.remove):
            do(DIGEST)
        assert contents.lying(SHELF) == []
