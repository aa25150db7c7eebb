"""ProcessCase: the e-service's contract, from raw bytes to a receipt."""

import pytest

from gateway.domain.hsa import HsaId
from gateway.domain.person import ANONYMOUS_OID


def test_a_submitted_case_gets_a_receipt(post, envelope, submitted, read, store):
    """DOMAIN A1, C1: the answer means that the case is kept."""
    answer = post(envelope(submitted()))
    told = read(answer)
    assert (answer.status_code, told["resultCode"]) == (200, "OK")
    assert told["receivedTime"] == "2026-03-02T08:30:00+00:00"
    assert store.cases.find(told["caseNumber"]).unit == HsaId("SE2321000016-1A2B")


def test_a_case_is_kept_as_it_was_written(post, envelope, submitted, read, store):
    """DOMAIN A1: what the citizen wrote stands in the case, in every part of it."""
    patient = (
        "<c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>200208012393</c:number></c:personId>"
        "<c:name>Å &amp; B</c:name><c:relation>GUARDIAN</c:relation>"
        "<c:powerOfAttorney> 1 </c:powerOfAttorney>"
    )
    file = "<c:fileName>a.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    attachment = f"{file}<c:content> aGVq\n</c:content>"
    data = envelope(submitted(eventDate=" 2026-02-14 ", patient=patient, attachment=attachment))
    case = store.cases.content(read(post(data))["caseNumber"])
    assert (case.patient.name, case.patient.power_of_attorney) == ("Å & B", True)
    assert case.attachments[0].read() == b"hej"
    assert case.event_date.isoformat() == "2026-02-14"


def test_the_same_case_again_gets_the_same_receipt(post, envelope, submitted, read):
    """DOMAIN C1: a sender that saw no answer sends again."""
    first, again = (read(post(envelope(submitted()))) for _ in range(2))
    assert again["caseNumber"] == first["caseNumber"]


def test_the_same_id_with_other_content_is_refused(post, envelope, submitted, read, number):
    """CONTRACT: a conflict is a business error, since sending again is pointless."""
    answer = post(envelope(submitted(description="Något annat.")))
    told = read(answer)
    assert (answer.status_code, told["resultCode"]) == (200, "ERROR")
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "IDEMPOTENCY_CONFLICT")


def test_what_looks_wrong_is_told_in_a_warning(post, envelope, submitted, read):
    """INTEROP §6.2: a failed check digit is no reason to refuse."""
    person = "<c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>191212121213</c:number>"
    answer = post(envelope(submitted(submitter=f"{person}</c:personId>")))
    assert read(answer)["warning"] == "submitter/personId: the check digit does not fit"
    assert "191212121213" not in answer.text


def test_nobody_submits_as_somebody_unknown(post, envelope, submitted, read):
    """DOMAIN A8, A9: only the gateway itself makes an anonymous submitter."""
    person = f"<c:personId><c:oid>{ANONYMOUS_OID}</c:oid><c:number>7F3K9QWM2X41</c:number>"
    told = read(post(envelope(submitted(submitter=f"{person}</c:personId>"))))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "PERSON_ID_INVALID")


@pytest.mark.parametrize("address", ["se2321000016-1a2b", "SE2321000016-1A2B"])
def test_upper_and_lower_case_of_an_address_are_the_same(post, envelope, submitted, read, address):
    """INTEROP §2.12: the address typed in other letters reaches the same unit."""
    assert read(post(envelope(submitted(), address)))["resultCode"] == "OK"


def test_an_address_other_than_the_receivers_is_refused(post, envelope, submitted, read):
    """A case must not go to another unit than its envelope says."""
    told = read(post(envelope(submitted(), "SE2321000016-9Z9Z")))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "ADDRESS_MISMATCH")


def test_the_address_names_the_committee_when_the_receiver_does_not(
    post, envelope, submitted, read, store
):
    """DOMAIN A2: the logical address says which committee."""
    data = envelope(submitted(receiver="<c:type>COMMITTEE</c:type>"), "SE2321000016-PN")
    case = store.cases.content(read(post(data))["caseNumber"])
    assert case.receiver.hsa_id == HsaId("SE2321000016-PN")


def test_a_care_case_must_name_its_unit(post, envelope, submitted, read):
    """DOMAIN A3: only the committee takes a case without."""
    told = read(post(envelope(submitted(receiver="<c:type>CARE</c:type>"))))
    assert told["subCode"] == "CARE_UNIT_MISSING"


def test_every_broken_rule_is_told_at_once(post, envelope, submitted, read):
    """DOMAIN A3, A4: the sender mends a case once."""
    data = envelope(submitted(receiver="<c:type>CARE</c:type>", eventDate="2027-01-01"))
    message = read(post(data))["message"]
    assert "receiver/hsaId: " in message
    assert "eventDate: " in message


def test_a_supplement_is_added_to_its_case(post, envelope, element, read, number, store):
    """DOMAIN A10: it goes the same way as the case, after it."""
    inside = "<supplement><c:text>Mer.</c:text></supplement>"
    data = envelope(element("ProcessCase", _later("SUPPLEMENTED", number, inside)))
    assert read(post(data))["caseNumber"] == number
    assert [d.event.value for d in store.deliveries.listed(None, None, None, 9)] == [
        "SUBMITTED",
        "SUPPLEMENTED",
    ]


def test_a_withdrawn_case_may_be_addressed_to_the_gateway(
    post, envelope, element, read, number, store
):
    """CONTRACT: the case number tells what it is about, whatever the address."""
    data = envelope(element("ProcessCase", _later("WITHDRAWN", number)), "SE5560000000-VAXEL")
    assert read(post(data))["resultCode"] == "OK"
    assert store.cases.find(number).state.value == "WITHDRAWN"


def test_a_part_without_meaning_is_told_and_not_dropped_in_silence(
    post, envelope, element, read, number
):
    """DESIGN decision 10: nothing is dropped silently."""
    data = envelope(element("ProcessCase", _later("WITHDRAWN", number, "<reason>x</reason>")))
    assert read(post(data))["warning"] == "reason: has no meaning with WITHDRAWN and was not kept"


@pytest.mark.parametrize(
    ("event", "inside"),
    [
        ("SUBMITTED", ""),
        ("SUPPLEMENTED", "<caseNumber>2026-AAAA-BBBBBB</caseNumber>"),
        ("SUPPLEMENTED", "<supplement><c:text>Mer.</c:text></supplement>"),
        ("WITHDRAWN", ""),
        ("FORWARDED", "<caseNumber>2026-AAAA-BBBBBB</caseNumber>"),
    ],
)
def test_an_event_without_what_it_needs_is_refused(post, envelope, element, read, event, inside):
    """CONTRACT: each event has its parts; FORWARDED comes only from the gateway."""
    head = f"<messageId>m-2</messageId><caseEvent>{event}</caseEvent>"
    told = read(post(envelope(element("ProcessCase", head + inside))))
    assert (told["errorCode"], told["subCode"]) == ("VALIDATION_ERROR", "EVENT_NOT_ACCEPTED")


def test_an_unknown_case_is_a_business_error(post, envelope, element, read):
    """Sending the same again would not help."""
    data = envelope(element("ProcessCase", _later("WITHDRAWN", "2026-AAAA-BBBBBB")))
    assert read(post(data))["subCode"] == "CASE_UNKNOWN"


def _later(event, number, inside=""):
    head = f"<messageId>m-2</messageId><caseEvent>{event}</caseEvent>"
    return f"{head}<caseNumber>{number}</caseNumber>{inside}"
