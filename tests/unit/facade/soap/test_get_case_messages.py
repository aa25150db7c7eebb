"""GetCaseMessages: a citizen's cases and messages, for the e-service."""

import pytest

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


def test_nobody_gets_anothers_cases(ask, read, number):
    """DOMAIN A8: the identity is the whole key."""
    assert set(read(ask(number="188803099368"))) == {"resultCode", "logId"}


def test_an_identity_of_an_unknown_register_is_refused(ask, read):
    """DOMAIN A8: the law judges the kind, the schema only the form."""
    told = read(ask(oid="1.2.3"))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "PERSON_ID_INVALID")
    assert "191212121212" not in told["message"]


def _reply(number):
    file = "<c:fileName>a &amp; b.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    return (
        f"<messageId>r-1</messageId><messageKind>RECEIVED</messageKind>"
        f"<caseNumber>{number}</caseNumber><sentTime>2026-03-02T10:00:00Z</sentTime>"
        f"<attachment>{file}<c:content>aGVq</c:content></attachment>"
    )
