"""ProcessCaseMessage: what an external case system says about a case that it holds."""

import pytest

GATEWAY, SYSTEM = "SE5560000000-VAXEL", "SE2321000016-AVV1"


@pytest.fixture
def say(post, envelope, element):
    """Post a message about a case: `say("CLOSED", "<caseNumber>…")`."""

    def send(kind, inside, message_id="r-1", sender=SYSTEM):
        head = f"<messageId>{message_id}</messageId><messageKind>{kind}</messageKind>"
        data = envelope(element("ProcessCaseMessage", head + inside), GATEWAY)
        return post(data, sender)

    return send


def _about(number, rest=""):
    return f"<caseNumber>{number}</caseNumber><sentTime>2026-03-02T10:00:00+01:00</sentTime>{rest}"


def test_a_reply_gets_a_receipt_and_reaches_the_citizen(say, read, number, store):
    """DOMAIN D1, D2: attachments and all."""
    file = "<c:fileName>svar.pdf</c:fileName><c:mediaType>application/pdf</c:mediaType>"
    rest = (
        f"<text>Svar &amp; tack.</text><attachment>{file}<c:content>JVBE</c:content></attachment>"
    )
    told = read(say("FINAL_REPLY", _about(number, rest)))
    assert (told["resultCode"], told["caseNumber"]) == ("OK", number)
    assert told["receivedTime"] == "2026-03-02T08:30:00+00:00"
    reply = store.cases.of_citizen(store.cases.content(number).submitter.person_id, None, None)
    message = reply[0].messages[-1]
    assert (message.text, message.attachments[0].content) == ("Svar & tack.", b"%PD")


def test_a_repeat_gets_the_same_answer_and_changes_nothing(say, read, number, store):
    """DOMAIN D2: told by the sender's own id of the message."""
    answers = [read(say("RECEIVED", _about(number))) for _ in range(2)]
    assert [answer["resultCode"] for answer in answers] == ["OK", "OK"]
    assert len(store.cases.timeline(number)) == 2


def test_the_holders_own_id_names_the_case_afterwards(say, read, number):
    """DOMAIN D2: once told, the holder's own id is enough."""
    own = "<externalCaseId>A-17</externalCaseId>"
    say("RECEIVED", _about(number).replace("<sentTime>", f"{own}<sentTime>"))
    later = f"{own}<sentTime>2026-03-02T10:00:00Z</sentTime>"
    assert read(say("IN_PROGRESS", later, "r-2"))["caseNumber"] == number


@pytest.mark.parametrize(
    ("kind", "sender", "sub_code"),
    [
        ("RECEIVED", "SE2321000016-AVV2", "NOT_THE_HOLDER"),
        ("FINAL_REPLY", SYSTEM, "TEXT_MISSING"),
    ],
)
def test_what_cannot_be_is_a_business_error(say, read, number, kind, sender, sub_code):
    """CONTRACT: VALIDATION_ERROR, since sending again is pointless."""
    told = read(say(kind, _about(number), sender=sender))
    assert (told["resultCode"], told["errorCode"]) == ("ERROR", "VALIDATION_ERROR")
    assert told["subCode"] == sub_code


def test_a_message_about_an_unknown_case_is_kept_for_operators(say, read, store):
    """DOMAIN D2: refused, and not lost."""
    assert read(say("RECEIVED", _about("2026-AAAA-BBBBBB")))["subCode"] == "CASE_UNKNOWN"
    assert [one.message.message_id for _, one in store.cases.unmatched(None, 9)] == ["r-1"]


def test_a_step_that_is_not_legal_now_is_a_business_error(say, read, number):
    """The law of lifecycle.py: nothing is said about a closed case."""
    say("CLOSED", _about(number))
    assert read(say("IN_PROGRESS", _about(number), "r-2"))["subCode"] == "STEP_NOT_LEGAL"


def test_a_time_must_have_its_zone(say, read, number):
    """INTEROP §1.3: the schema says so, and the fault tells where."""
    inside = _about(number).replace("+01:00", "")
    told = read(say("RECEIVED", inside))
    assert told["faultstring"].startswith("VP015 ")
    assert told["detailString"].startswith("ProcessCaseMessage/sentTime: CVC_PATTERN_VALID")
