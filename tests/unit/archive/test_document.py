"""The readable document says all that the data say, in words (DOMAIN E3)."""

import re
from dataclasses import replace

import pytest
from lxml import etree

from gateway.archive.document import document
from gateway.archive.notation import Shelf, file_to_json
from gateway.archive.xml import to_xml
from gateway.domain.case import Patient, Receiver, ReceiverType, Relation, Submitter
from gateway.domain.forwarding import Hop, Place
from gateway.domain.handling import Classification, Handling
from gateway.domain.hsa import HsaId
from gateway.domain.keeping import Hold, Keeping
from gateway.domain.person import ANONYMOUS_OID, PersonId
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    AGDA,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_entry,
)
from gateway.testing.memory import MemoryStore
from gateway.testing.store_contract.acts import accept, answer, change, supplement

EKEN = Place(HsaId("SE2321000016-EKEN"), "Vårdcentralen Eken")
# What is for machines: ids that say nothing to a reader, or are told in another way.
UNTOLD = {"oid", "hsaId", "destination", "messageId", "caseId"}
CODE = re.compile(r"[A-Z_]+")


@pytest.fixture
def case_file():
    """A case with everything that can be said of one."""
    store = MemoryStore()
    case = make_case(
        receiver=Receiver(ReceiverType.COMMITTEE, UNIT, place="I ambulansen", care_unit=UNIT),
        submitter=Submitter(TOLVAN, "Tolvan Tolvansson", "070-1740605", "tolvan@example.com"),
        patient=Patient(AGDA, Relation.REPRESENTATIVE, power_of_attorney=True, name="Agda"),
        desired_outcome="En ursäkt",
        attachments=(make_attachment(),),
    )
    new = accept(store, case)
    change(store, new.number, supplement(attachments=(make_attachment(file_name="två.png"),)))
    change(store, new.number, answer(attachments=(make_attachment(file_name="tre.png"),)))
    found = store.case_files.read(new.number, make_entry(step=Step.CASE_EXPORTED))
    assert found is not None
    hop = Hop(NOW, Place(UNIT, "Vårdcentralen Björken"), EKEN, declined=True)
    handling = Handling(
        assigned_to=HsaId("SE2321000016-NURSE"),
        assigned_name="Karin",
        relation_verified_by="SE2321000016-NURSE",
        relation_verified_at=NOW,
        classification=Classification(("6.2",), perceived_problem="Lång väntan"),
    )
    return replace(
        found,
        record=replace(found.record, forwards=(hop,), external_case_id="A-17"),
        reasons=("Hör till Eken",),
        handling=handling,
        keeping=Keeping("PN 7", Hold("Begärd av domstol", "SE2321000016-NURSE", NOW)),
    )


@pytest.fixture
def whole(case_file):
    return file_to_json(case_file, Shelf())


@pytest.fixture
def read(case_file, whole):
    """All that the document says, as one text."""
    made = document(case_file, whole)
    parts = (
        part
        for one in made.sections
        for part in (one.heading, *map(": ".join, one.rows), one.text)
    )
    return "\n".join((made.title, *parts))


def test_every_word_that_somebody_wrote_is_in_it(whole, read):
    """DOMAIN E3: with everything a reader needs."""
    assert [text for text in written(whole) if text not in read] == []


def test_codes_and_times_are_told_in_words(read):
    """DOMAIN E3: as it is said in Sweden."""
    for told in (
        "Slag: Klagomål",
        "Kom in: 2026-11-02 kl. 10.00.00",
        "Fullmakt: finns",
        "Anmälaren är: Ombud",
        "Problem: 6.2 Väntetider i vården",
        "Meddelande till anmälaren: svar",
        "Av: den som hade ärendet",
    ):
        assert told in read


def test_the_whole_timeline_is_in_it_with_its_last_hash(case_file, read):
    """DOMAIN G3: a paper copy can be held against it."""
    assert all(f"{link.number}. 2026-11-02 kl." in read for link in case_file.timeline)
    assert read.endswith(case_file.timeline[-1].hash)


def test_all_of_it_can_be_written_as_xml(whole):
    """DOMAIN E3: every list has a name for its members."""
    root = etree.fromstring(to_xml("caseFile", whole))
    assert [text for text in written(whole) if text not in [*root.itertext()]] == []


def test_what_is_not_there_is_not_told():
    """DOMAIN E3: no empty rows."""
    store = MemoryStore()
    number = accept(store).number
    found = store.case_files.read(number, make_entry(step=Step.CASE_EXPORTED))
    assert found is not None
    made = document(found, file_to_json(found, Shelf()))
    assert all(value for one in made.sections for _, value in one.rows)
    headings = [one.heading for one in made.sections]
    assert headings[:3] == ["Ärendet", "Anmälare", "Vad som har hänt"]
    assert "Patient" not in headings


def test_nobody_is_named_who_has_not_said_who_they_are():
    """DOMAIN A9, E3: and no number stands where an identity is looked for."""
    store, unknown = MemoryStore(), PersonId(ANONYMOUS_OID, "7F3K9QWM2X41")
    number = accept(store, make_case(submitter=Submitter(unknown))).number
    found = store.case_files.read(number, make_entry(step=Step.CASE_EXPORTED))
    assert found is not None
    submitter = document(found, file_to_json(found, Shelf())).sections[1]
    assert submitter.rows == (("Identitet", "Anonym: anmälaren har inte sagt vem den är"),)


def written(value, key=""):
    """Every text in the data, times and codes in capitals apart."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from written(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from written(part, key)
    elif isinstance(value, str) and key not in UNTOLD and not CODE.fullmatch(value):
        yield from () if key.endswith("Time") else (value,)
