"""RegisterCase: what an external case system registers that began outside."""

import pytest

from gateway.domain.registration import Channel

GATEWAY, SYSTEM = "SE5560000000-VAXEL", "SE2321000016-AVV1"


@pytest.fixture
def register(post, envelope, element, case_xml):
    """Register a case: `register(channel="LETTER")`."""

    def send(sender=SYSTEM, channel="PHONE", received="2026-03-01T14:00:00+01:00", **changes):
        head = f"<channel>{channel}</channel><receivedTime> {received} </receivedTime>"
        named = f"{head}<externalCaseId>AVV-7</externalCaseId>"
        inside = f"{named}<case>{case_xml(**changes)}</case>"
        return post(envelope(element("RegisterCase", inside), GATEWAY), sender)

    return send


def test_a_registered_case_gets_a_number_and_the_time_it_came_in(register, read, store):
    """DOMAIN A12."""
    told = read(register())
    assert (told["resultCode"], told["receivedTime"]) == ("OK", "2026-03-01T13:00:00+00:00")
    case = store.cases.find(told["caseNumber"])
    assert (case.channel, case.external_case_id) == (Channel.PHONE, "AVV-7")


def test_the_same_again_gets_the_same_answer(register, read):
    """DOMAIN A1."""
    first, again = read(register()), read(register())
    assert first["caseNumber"] == again["caseNumber"]


def test_what_looks_wrong_is_told_as_a_warning(register, read):
    """DOMAIN A8."""
    person = "<c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>191212121213</c:number>"
    told = read(register(submitter=f"<c:personId>{person}</c:personId>"))
    assert told["warning"] == "submitter/personId: the check digit does not fit"


def test_a_system_that_does_not_get_the_units_cases_is_refused(register, read):
    """DOMAIN B1, D2."""
    told = read(register("SE2321000016-AVV2"))
    assert (told["resultCode"], told["subCode"]) == ("ERROR", "NOT_THE_HOLDER")


def test_a_case_that_will_come_in_later_is_refused(register, read):
    """DOMAIN A12."""
    told = read(register(received="2026-03-03T00:00:00Z"))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "RECEIVED_IN_FUTURE")


def test_a_channel_that_there_is_not_is_told_by_its_words(register, read):
    """INTEROP §2.6: the schema's own words."""
    told = read(register(channel="FAX"))
    assert "PHONE, VISIT or LETTER" in told["faultstring"] + told["detailString"]


def test_a_case_is_registered_with_its_files(register, read, store):
    """DOMAIN A12: with its files, as any case."""
    file = (
        "<c:fileName>brev.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
        "<c:content>SGVq</c:content>"
    )
    number = read(register(attachment=file, channel="LETTER"))["caseNumber"]
    assert store.cases.content(number).attachments[0].read() == b"Hej"
