"""What no row names any more goes from the place of attachments, a shelf at a time (DOMAIN E4)."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Protocol

from gateway.flow.contents import SHELVES, Contents, Lying, NotOurs, must_belong

# A row is written sooner than this after its bytes were put.
GRACE = timedelta(hours=1)
# As many are asked for in one question.
_TOGETHER = 500


class References(Protocol):
    """What the rows say; raises Unavailable when the store is away."""

    def identity(self) -> str:
        """Tell what this store is known by: the same in every copy of it, and in no other."""
        ...

    def named(self, digests: Collection[str]) -> set[str]:
        """Tell which of these any row names."""
        ...


def claim(contents: Contents, references: References) -> None:
    """
    Have the mark of this store on the place of its attachments; raises NotOurs and Unavailable.

    A place without a mark gets it when nothing lies there, or some of it is named here: so after
    a back-up that has left the mark out, and after an upgrade that has moved files there.
    """
    identity, owner = references.identity(), contents.owner()
    if owner is None:
        _must_be_free(contents, references, identity)
        contents.mark(identity)
    else:
        must_belong(owner, identity)


@dataclass(slots=True)
class Sweeping:
    """
    Looks at one shelf after the other, beginning anywhere, so that nodes meet seldom.

    What no row names, and was put longer ago than the grace, is put aside first; it goes when it
    has lain there as long again. So nothing is lost to a row that is just being written: who puts
    the same again puts it anew, and what is named after all is brought back. In a place that is
    not ours, nothing is touched: all that lies there would be named by nobody.
    """

    contents: Contents
    references: References
    clock: Callable[[], datetime]
    _next: int = field(default_factory=lambda: randbelow(len(SHELVES)))

    def step(self) -> bool:
        """Sweep the next shelf; never is there more to do at once."""
        shelf, self._next = SHELVES[self._next], (self._next + 1) % len(SHELVES)
        self.sweep(shelf)
        return False

    def sweep(self, shelf: str) -> None:
        """Sweep one shelf; raises Unavailable, and NotOurs where all of it is left alone."""
        claim(self.contents, self.references)
        settled = self.clock() - GRACE
        old = [one for one in self.contents.lying(shelf) if one.since < settled]
        for some in _parts(old):
            named = self.references.named({one.digest for one in some})
            for one in some:
                self._move(one, is_named=one.digest in named)

    def _move(self, one: Lying, *, is_named: bool) -> None:
        match one.is_aside, is_named:
            case True, True:
                self.contents.bring_back(one.digest)
            case True, False:
                self.contents.remove(one.digest)
            case False, False:
                self.contents.put_aside(one.digest)
            case _:
                pass


def _must_be_free(contents: Contents, references: References, identity: str) -> None:
    is_empty = True
    for shelf in SHELVES:
        for some in _parts(contents.lying(shelf)):
            if references.named({one.digest for one in some}):
                return
            is_empty = False
    if not is_empty:
        raise NotOurs(
            "files lie there that this database does not name, and no mark tells whose they are. "
            "Is database_url right? If it is, give this database a place of its own, or empty "
            "this one, if the files may go for good. If they are this database's own, write "
            f"{identity} into `owner` there"
        )


def _parts(all_: list[Lying]) -> Iterator[list[Lying]]:
    for start in range(0, len(all_), _TOGETHER):
        yield all_[start : start + _TOGETHER]
