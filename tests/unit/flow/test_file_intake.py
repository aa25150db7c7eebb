"""The one place where files come in (DOMAIN D4)."""

from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from gateway.domain.content import Lapsed, Stored
from gateway.domain.errors import FilesAway, Refusal, Rule, Unavailable
from gateway.flow.file_intake import MOST_AT_ONCE, FileIntake
from gateway.scanner import recognise
from gateway.testing.builders import make_attachment
from gateway.testing.memory_contents import MemoryContents
from gateway.testing.small_files import JPEG, PDF, PNG

SICK = b"Hej, jag \xc3\xa4r sjuk."


class Scanner:
    """Finds what is sick; `away` is what it raises."""

    away = None

    def __init__(self):
        self.seen = []

    @contextmanager
    def begin(self):
        """Begin with a file."""
        if self.away:
            raise self.away
        self.seen.append(b"")
        yield self

    def see(self, part):
        """Look at a part."""
        self.seen[-1] += part

    def found(self):
        """Tell what was found."""
        return "Sjuk-1" if self.seen[-1] == SICK else None


class Counts(list[str]):
    """Who measures."""

    def file_scanned(self, outcome):
        """Tell of a file."""
        self.append(outcome)


@pytest.fixture
def scanner():
    return Scanner()


@pytest.fixture
def counts():
    return Counts()


@pytest.fixture
def contents():
    return MemoryContents()


@pytest.fixture
def intake(contents, scanner, counts):
    return FileIntake(contents, recognise, scanner, counts)


def text(content):
    return make_attachment(content, "brev.txt", "text/plain")


def faults(refused):
    return [(fault.rule, fault.where) for fault in refused.value.faults]


def lies_anywhere(contents, data):
    digest = make_attachment(data).content.digest
    return any(one.digest == digest for one in contents.lying(digest[:2]))


def test_files_that_are_what_they_say_are_put_in_their_place(intake, scanner, counts):
    """DOMAIN D4: name, type and content as they were."""
    files = (make_attachment(), make_attachment(PDF, "brev.pdf", "application/pdf"))
    taken = intake.taken(files, "attachments")
    assert taken == files
    assert all(isinstance(one.content, Stored) for one in taken)
    assert (scanner.seen, counts) == ([PNG, PDF], ["clean", "clean"])


def test_no_files_are_nothing_to_do(intake, scanner):
    """DOMAIN A1: most cases have none."""
    assert intake.taken((), "attachments") == ()
    assert scanner.seen == []


def test_what_stands_in_its_place_came_through_here_before(intake, scanner):
    """DOMAIN D6: what is forwarded is not looked at again."""
    taken = intake.taken((make_attachment(),), "attachments")
    assert intake.taken(taken, "attachments") == taken
    assert scanner.seen == [PNG]


def test_every_file_that_lies_is_told_by_its_number_and_none_is_kept(intake, contents):
    """ISSUE: a file whose type lies is refused."""
    files = (make_attachment(JPEG), make_attachment(), text(PDF))
    with pytest.raises(Refusal) as refused:
        intake.taken(files, "case/attachments")
    disputed = Rule.MEDIA_TYPE_DISPUTED
    assert faults(refused) == [(disputed, "case/attachments/1"), (disputed, "case/attachments/3")]
    assert not any(lies_anywhere(contents, one) for one in (JPEG, PNG, PDF))


def test_an_infected_file_is_refused_by_the_name_of_what_is_in_it(intake, contents, counts):
    """ISSUE: infected: refused; the sender hears at once, and nothing of the file is told."""
    with pytest.raises(Refusal) as refused:
        intake.taken((make_attachment(), text(SICK)), "attachments")
    assert faults(refused) == [(Rule.ATTACHMENT_INFECTED, "attachments/2")]
    assert "Sjuk-1" in str(refused.value)
    assert "brev" not in str(refused.value)
    assert counts == ["clean", "infected"]
    assert not any(lies_anywhere(contents, one) for one in (PNG, SICK))


def test_a_lie_is_told_before_anybody_looks_for_malware(intake, scanner):
    """DOMAIN D4: also when nobody can look."""
    scanner.away = Unavailable("away")
    with pytest.raises(Refusal):
        intake.taken((make_attachment(JPEG),), "attachments")


def test_when_nobody_can_look_no_file_is_kept(intake, scanner, contents, counts):
    """DOMAIN D4, C4: it may be sent again."""
    scanner.away = Unavailable("away")
    with pytest.raises(Unavailable):
        intake.taken((make_attachment(),), "attachments")
    assert not lies_anywhere(contents, PNG)
    assert counts == ["failed"]


def test_a_file_is_kept_while_it_comes(intake, scanner):
    """DOMAIN D4: part by part, whatever its size."""
    kept = intake.kept("image/png; x=y", iter([PNG[:10], PNG[10:]]), "file")
    assert b"".join(kept.chunks()) == PNG
    assert scanner.seen == [PNG]


@pytest.mark.parametrize(
    ("media_type", "data", "rule"),
    [
        ("image/png", JPEG, Rule.MEDIA_TYPE_DISPUTED),
        ("text/plain", SICK, Rule.ATTACHMENT_INFECTED),
    ],
)
def test_what_is_refused_at_its_end_is_not_kept(intake, contents, media_type, data, rule):
    """DOMAIN D4: what came of it is let go of."""
    with pytest.raises(Refusal) as refused:
        intake.kept(media_type, [data], "file")
    assert faults(refused) == [(rule, "file")]
    assert not lies_anywhere(contents, data)


def test_without_a_scanner_nobody_looks_for_malware(contents):
    """DESIGN: a setting; what a file is, is looked at all the same."""
    files = (text(SICK),)
    assert FileIntake(contents, recognise).taken(files, "attachments") == files


def test_no_more_messages_have_their_files_looked_at_than_there_are_places(intake, scanner):
    """DOMAIN G3: who looks may be slow, and threads are for reading as well."""
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(intake.place())
        with pytest.raises(FilesAway):
            intake.taken((make_attachment(),), "attachments")
        assert intake.taken((), "attachments") == ()
    assert scanner.seen == []
    assert len(intake.taken((make_attachment(),), "attachments")) == 1


def test_a_place_is_free_again_whatever_came_of_it(intake):
    """DOMAIN G3: a refusal holds none."""
    for _ in range(2 * MOST_AT_ONCE):
        with pytest.raises(Refusal):
            intake.taken((make_attachment(JPEG),), "attachments")


def test_a_file_that_has_expired_goes_with_no_new_message(intake, scanner):
    """DOMAIN D4: its sender sends it again."""
    lapsed = replace(make_attachment(), content=Lapsed("0" * 64, 3))
    with pytest.raises(Refusal) as refused:
        intake.taken((lapsed,), "attachments")
    assert faults(refused) == [(Rule.ATTACHMENT_UNKNOWN, "attachments/1/attachmentId")]
    assert scanner.seen == []


def test_when_their_place_does_not_answer_it_is_about_the_files_alone(intake, contents):
    """DOMAIN D4, G3: what comes without them can be taken."""
    contents.gone = True
    with pytest.raises(FilesAway):
        intake.taken((make_attachment(),), "attachments")
    with pytest.raises(FilesAway):
        intake.kept("image/png", [PNG], "file")
