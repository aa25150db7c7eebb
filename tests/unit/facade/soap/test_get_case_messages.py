"""GetCaseMessages: a citizen's cases and messages, for the e-service."""

import pytest

from gateway.domain.person import ANONYMOUS_OID
from gateway.facade.soap.get_case_messages import page_of
from gateway.testing.builders import TOLVAN, make_attachment
from gateway.testing.store_contract.acts import answer, change

ADDED = "urn:riv-application:complaints:casehandling:GetCaseMessagesResponder:1.1"
GATEWAY, SYSTEM = "SE5560000000-VAXEL", "SE2321000016-AVV1"


@pytest.fixture
def ask(post, envelope, element):
    """Ask for the cases of a citizen."""

    def send(rest="", number="191212121212", oid="1.2.752.129.2.1.3.1"):
        person = f"<personId><c:oid>{oid}</c:oid><c:number>{number}</c:number></personId>"
        return post(envelope(element("GetCaseMessages", person + rest), GATEWAY))

    return send


def test_a_citizen_gets_the_cases_with_their_messages(ask, read, number):
    """DOMAIN A7, D1: the confirmation is there at once."""
    told = read(ask())
    assert (told["resultCode"], told["caseNumber"]) == ("OK", number)
    assert (told["kind"], told["caseState"]) == ("COMPLAINT", "SUBMITTED")
    assert (told["unitHsaId"], told["unitName"]) == ("SE2321000016-1A2B", "Akutmottagningen Solna")
    assert told["dueTime"] == "2026-03-30T08:30:00+00:00"
    assert told["messageKind"] == "CASE_CONFIRMATION"
    assert number in told["text"]


def test_attachments_of_replies_are_given_whole(ask, read, number, post, envelope, element):
    """DOMAIN D4: what the handler attached, the citizen gets."""
    post(envelope(element("ProcessCaseMessage", _reply(number)), GATEWAY), SYSTEM)
    told = read(ask())
    assert (told["fileName"], told["mediaType"]) == ("a & b.txt", "text/plain")
    assert told["content"] == "aGVq"


@pytest.fixture
def lost(number, post, envelope, element, doors):
    """Answer with a file that is lost afterwards."""
    post(envelope(element("ProcessCaseMessage", _reply(number)), GATEWAY), SYSTEM)
    doors.replies.files.contents.there.clear()


@pytest.mark.usefixtures("lost")
def test_a_lost_file_hides_nothing_else(ask, number, lines):
    """DOMAIN G1: the citizen reads the rest, and operators are told which message it is of."""
    told = ask()
    assert (told.status_code, told.text.count(":message>") // 2) == (200, 2)
    assert "fileName" not in told.text
    [line] = [line for line in lines if line["event"] == "attachment.lost"]
    assert (line["log_level"], line["case_number"]) == ("error", number)
    assert line.keys() == {"event", "log_level", "case_number", "message_id", "error"}


def test_nobody_reads_as_somebody_unknown(ask, read):
    """DOMAIN A9: what holders see of an anonymous submitter opens nothing."""
    told = read(ask(number="7F3K9QWM2X41", oid=ANONYMOUS_OID))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "PERSON_ID_INVALID")


@pytest.mark.parametrize(
    ("rest", "messages"),
    [
        ("<caseNumber>2026-AAAA-BBBBBB</caseNumber>", 0),
        ("<since>2026-03-02T09:30:00+01:00</since>", 1),
        ("<since> 2026-03-02T08:30:01Z </since>", 0),
    ],
)
def test_only_what_is_asked_for_is_given(ask, number, rest, messages):
    """CONTRACT: one case, or only what is new."""
    assert ask(rest).text.count("CASE_CONFIRMATION") == messages


def test_messages_are_read_page_by_page(ask, read, number, post, envelope, element):
    """CONTRACT GetCaseMessages 1.1: each once, oldest first, and the last says no more."""
    for name in ("r-1", "r-2"):
        post(envelope(element("ProcessCaseMessage", _reply(number, name)), GATEWAY), SYSTEM)
    told = read(ask(_asked("limit", "1")))
    seen = [told["messageId"]]
    while "next" in told:
        told = read(ask(_asked("limit", "1") + _asked("after", told["next"])))
        seen.append(told["messageId"])
    assert len(set(seen)) == 3
    assert seen == sorted(seen)


@pytest.mark.parametrize(("largest", "messages"), [(9, 4), (8, 3), (5, 2), (2, 1)])
def test_files_bound_an_answer_too(number, store, largest, messages):
    """DOMAIN G1: each but the first has three bytes, and one message is always there."""
    for _ in range(3):
        change(store, number, answer(attachments=(make_attachment(content=b"hej"),)))
    cases = store.cases.of_citizen(TOLVAN, None, None)
    shown, following = page_of(cases, None, 9, largest)
    assert len(shown[number]) == messages
    assert (following is None) == (messages == 4)


def test_a_message_is_there_however_large_its_files(number, store):
    """DOMAIN G1: or nothing after it could be read."""
    change(store, number, answer(attachments=(make_attachment(content=b"hej"),)))
    cases = store.cases.of_citizen(TOLVAN, None, None)
    first = min(message.message_id for message in cases[0].messages)
    shown, following = page_of(cases, first, 9, 0)
    assert (len(shown[number]), following) == (1, None)


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "x"), ("after", "m-1")])
def test_a_page_that_cannot_be_is_refused(ask, name, value):
    """CONTRACT GetCaseMessages 1.1."""
    assert name in ask(_asked(name, value)).text


def test_nobody_gets_anothers_cases(ask, read, number):
    """DOMAIN A8: the identity is the whole key."""
    assert set(read(ask(number="188803099368"))) == {"resultCode", "logId"}


def test_an_identity_of_an_unknown_register_is_refused(ask, read):
    """DOMAIN A8: the law judges the kind, the schema only the form."""
    told = read(ask(oid="1.2.3"))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "PERSON_ID_INVALID")
    assert "191212121212" not in told["message"]


def _asked(name, value):
    return f'<x:{name} xmlns:x="{ADDED}">{value}</x:{name}>'


def _reply(number, message_id="r-1"):
    file = "<c:fileName>a &amp; b.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    return (
        f"<messageId>{message_id}</messageId><messageKind>RECEIVED</messageKind>"
        f"<caseNumber>{number}</caseNumber><sentTime>2026-03-02T10:00:00Z</sentTime>"
        f"<attachment>{file}<c:content>aGVq</c:content></attachment>"
    )
