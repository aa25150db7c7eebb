"""
The one place where files come in, whatever door they come through (DOMAIN D4).

What a file is, its bytes say; where malware is looked for, it is looked for here; and what has
passed both is put in the place of attachments. A file that does not pass is kept nowhere.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from gateway.domain.case import Attachment
from gateway.domain.content import Lapsed, Stored
from gateway.domain.errors import ContentAway, Fault, FilesAway, Refusal, Rule, Unavailable
from gateway.domain.sniffing import Recognise, Sniffer, kind_of
from gateway.flow.contents import Contents, stored
from gateway.flow.scanning import Scanner, Scanning
from gateway.flow.watching import SILENT, Watching

# What can be wrong with a file itself, and not with the message around it.
FILE_RULES = frozenset(
    {
        Rule.TOO_MANY_ATTACHMENTS,
        Rule.ATTACHMENT_TOO_LARGE,
        Rule.FILE_NAME_NOT_ACCEPTED,
        Rule.MEDIA_TYPE_NOT_ACCEPTED,
        Rule.MEDIA_TYPE_DISPUTED,
        Rule.ATTACHMENT_INFECTED,
    }
)

# So many messages have their files looked at at once: each holds a thread until whoever looks has
# answered, and those threads are for reading and replies as well.
MOST_AT_ONCE = 12
_RETRY_AFTER_S = 10

# Of a file that a message names by an id.
NOT_THERE = "no file of this id waits for you, or no longer; send it again, and use the new id"


@dataclass(frozen=True, slots=True)
class FileIntake:
    """
    Lets files in; without a `scanner` nobody looks for malware.

    A process has one: its places are for all that have files.
    """

    contents: Contents
    recognise: Recognise
    scanner: Scanner | None = None
    watching: Watching = SILENT
    _places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_AT_ONCE))

    def taken(self, files: tuple[Attachment, ...], where: str) -> tuple[Attachment, ...]:
        """
        Give the files with their bytes in their place; those that stand there came through here.

        What a file may be called, how large it may be and how many there are is the law's to tell,
        and was told before. Raises Refusal with every file that is wrong, by its number from 1,
        and then none is kept; and FilesAway when nobody can look for malware now, their place
        does not answer, or too many have files at this moment.
        """
        if all_kept(files):
            return files
        with self.place():
            return self.taken_in_place(files, where)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places for the block; raises FilesAway at once when there is none."""
        if not self._places.acquire(blocking=False):
            raise FilesAway("as many files as can be looked at at once are", _RETRY_AFTER_S)
        try:
            yield
        finally:
            self._places.release()

    def taken_in_place(self, files: tuple[Attachment, ...], where: str) -> tuple[Attachment, ...]:
        """Do what `taken` does, for who holds a place."""
        new = [
            (f"{where}/{number}", file)
            for number, file in enumerate(files, 1)
            if not isinstance(file.content, Stored)
        ]
        for look in (_lapsed_fault, self._type_fault, self._malware_fault):
            faults = [fault for place, file in new if (fault := look(file, place))]
            if faults:
                raise Refusal(*faults)
        with _files_alone():
            return stored(self.contents, files)

    def kept(self, media_type: str, parts: Iterable[bytes], where: str) -> Stored:
        """Keep one file that is looked at while it comes; raises what `taken` does."""
        with _files_alone():
            return self.contents.put(self._passing(media_type, parts, where))

    def _passing(self, media_type: str, parts: Iterable[bytes], where: str) -> Iterator[bytes]:
        """Pass the parts on; what is raised after the last one lets nothing be kept."""
        sniffer = self._sniffer(media_type)
        with self._scanning() as scanning:
            for part in parts:
                sniffer.see(part)
                if scanning:
                    scanning.see(part)
                yield part
            fault = _disputed(sniffer, where) or self._infected(scanning, where)
        if fault:
            raise Refusal(fault)

    def _type_fault(self, file: Attachment, where: str) -> Fault | None:
        sniffer = self._sniffer(file.media_type)
        _let(sniffer.see, file)
        return _disputed(sniffer, where)

    def _malware_fault(self, file: Attachment, where: str) -> Fault | None:
        with self._scanning() as scanning:
            if scanning:
                _let(scanning.see, file)
            return self._infected(scanning, where)

    def _sniffer(self, media_type: str) -> Sniffer:
        return Sniffer(kind_of(media_type), self.recognise)

    @contextmanager
    def _scanning(self) -> Iterator[Scanning | None]:
        if self.scanner is None:
            yield None
            return
        try:
            with self.scanner.begin() as scanning:
                yield scanning
        except Unavailable:
            self.watching.file_scanned("failed")
            raise

    def _infected(self, scanning: Scanning | None, where: str) -> Fault | None:
        if scanning is None:
            return None
        found = scanning.found()
        self.watching.file_scanned("infected" if found else "clean")
        if found is None:
            return None
        words = f"malware was found ({found}); send the message without this file"
        return Fault(Rule.ATTACHMENT_INFECTED, where, words)


def all_kept(files: tuple[Attachment, ...]) -> bool:
    """Tell whether there is no file that has yet to be taken in."""
    return all(isinstance(file.content, Stored) for file in files)


@contextmanager
def _files_alone() -> Iterator[None]:
    """Say of a place that does not answer that messages without files go on."""
    try:
        yield
    except ContentAway as error:
        raise FilesAway(str(error), error.retry_after) from None


def _lapsed_fault(file: Attachment, where: str) -> Fault | None:
    if not isinstance(file.content, Lapsed):
        return None
    return Fault(Rule.ATTACHMENT_UNKNOWN, f"{where}/attachmentId", NOT_THERE)


def _let(see: Callable[[bytes], None], file: Attachment) -> None:
    for part in file.content.chunks():
        see(part)


def _disputed(sniffer: Sniffer, where: str) -> Fault | None:
    why = sniffer.dispute()
    if why is None:
        return None
    words = f"it is said to be {sniffer.media_type}, but {why}"
    return Fault(Rule.MEDIA_TYPE_DISPUTED, where, words)
