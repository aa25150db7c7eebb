"""ProcessCaseMessage: what an external case system says about a case that it holds."""

from datetime import timedelta

import pytest
from lxml import etree

from gateway.domain.handling import Classification
from gateway.facade.soap.messagebox import process_case
from gateway.testing.dialects import process_case_schema
from tests.unit.facade.soap.conftest import CONTRACTS, NOW

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
    file = "<c:fileName>svar.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    rest = (
        f"<text>Svar &amp; tack.</text><attachment>{file}<c:content>SGVq</c:content></attachment>"
    )
    told = read(say("FINAL_REPLY", _about(number, rest)))
    assert (told["resultCode"], told["caseNumber"]) == ("OK", number)
    assert told["receivedTime"] == "2026-03-02T08:30:00+00:00"
    reply = store.cases.of_citizen(store.cases.content(number).submitter.person_id, None, None)
    message = reply[0].messages[-1]
    assert (message.text, message.attachments[0].read()) == ("Svar & tack.", b"Hej")


def test_a_system_asks_for_files_and_classifies(say, read, number, store):
    """DOMAIN D2, D4, E2: the same verbs as in the built-in inbox, as optional elements."""
    codes = "<c:problem>3.4</c:problem><c:problem>6</c:problem>"
    found = f"{codes}<c:fieldOfOperation>DENTAL_CARE</c:fieldOfOperation>"
    rest = (
        "<text>Mer?</text><attachmentsAllowed> true </attachmentsAllowed>"
        f"<classification>{found}</classification>"
    )
    assert read(say("SUPPLEMENT_REQUEST", _about(number, rest)))["resultCode"] == "OK"
    handling = store.handlings.find(number)
    assert handling.attachments_allowed
    assert handling.classification == Classification(("3.4", "6"), "DENTAL_CARE")


def test_a_code_that_is_in_no_list_is_told(say, read, number):
    """DOMAIN D3: before anything is changed."""
    told = read(say("PARTIAL_REPLY", _about(number, "<standardText>HELLO</standardText>")))
    assert (told["resultCode"], told["subCode"]) == ("ERROR", "CODE_UNKNOWN")


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


def test_a_forward_over_soap_is_told_to_the_citizen_and_to_the_new_unit(say, read, number, store):
    """DOMAIN D6: the committee has it now, and its system gets it with the history."""
    rest = "<text>Det är en fråga för nämnden.</text><forwardTo>SE2321000016-PN</forwardTo>"
    answer, again = (read(say("FORWARD", _about(number, rest))) for _ in range(2))
    assert (answer["resultCode"], again["receivedTime"]) == ("OK", answer["receivedTime"])
    assert store.cases.find(number).at.name == "Patientnämnden"
    (message,) = (one.message for one in store.deliveries.claim(*_ALL))
    assert (message.reason, len(message.history)) == ("Det är en fråga för nämnden.", 1)
    schema = process_case_schema(CONTRACTS)
    schema.assertValid(etree.fromstring(process_case(message)))


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("", "FORWARD_TO_MISSING"),
        ("<forwardTo>SE2321000016-NOBODY</forwardTo>", "FORWARD_TO_UNREACHABLE"),
        ("<forwardTo>SE2321000016-1A2B</forwardTo>", "FORWARD_LOOP"),
    ],
)
def test_a_forward_that_leads_nowhere_is_an_error_in_the_answer(say, read, number, rest, code):
    """CONTRACT: sending again is pointless, so it is no SOAP fault."""
    told = read(say("FORWARD", _about(number, rest)))
    assert (told["resultCode"], told["errorCode"]) == ("ERROR", "VALIDATION_ERROR")
    assert told["subCode"] == code


_ALL = ("stockholm/avvikelse", 9, NOW, timedelta(minutes=1))
