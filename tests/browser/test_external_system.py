"""The whole dialogue with a vendor's SOAP system in the middle (DOMAIN D1, D2, D4, A10)."""

import pytest

from gateway.demo.desk import Posted
from tests.browser.citizen import PICTURE


@pytest.fixture(scope="module")
def number(citizen):
    return citizen.submits("Hälsocentralen Björkhöjden", "Ingen svarade i telefonen.")


def test_1_what_a_citizen_submits_comes_to_the_system_over_soap(vendor, citizen, number):
    """The unit's route leads to the system, and the citizen sees who has the case (B1, C5)."""
    vendor.got(number, "SUBMITTED")
    assert "Hälsocentralen Björkhöjden" in citizen.reads(number)


def test_2_nobody_can_send_files_that_the_system_has_not_asked_for(citizen, number):
    """Files are taken when the holder has allowed them in the case (D4)."""
    citizen.reads(number)
    assert citizen.page.locator("#supplement-text").count() == 1
    assert citizen.page.locator("input#supplement-files").count() == 0


def test_3_the_citizen_reads_what_the_system_says(vendor, citizen, number):
    """It is received, answered in part, and a picture is asked for (D1, D2)."""
    for kind in ("RECEIVED", "PARTIAL_REPLY", "SUPPLEMENT_REQUEST"):
        assert vendor.say(number, kind) is Posted.ACCEPTED
    told = citizen.reads(number)
    for words in ("har kommit fram", "utreder vad som hände", "Skicka gärna bilden"):
        assert words in told


def test_4_the_system_gets_the_supplement_with_its_file(vendor, citizen, number):
    """What the citizen adds goes the way of the case, bytes and all (A10, C3)."""
    citizen.adds(number, "Här är bilden.", with_file=True)
    assert citizen.page.get_by_role("status").inner_text() == "Det du lade till är skickat."
    assert vendor.got(number, "SUPPLEMENTED").attachments == (PICTURE,)


def test_5_the_citizen_reads_the_final_reply_and_that_the_case_is_closed(vendor, citizen, number):
    """After that nothing can be added (A10, D1)."""
    for kind in ("FINAL_REPLY", "CLOSED"):
        assert vendor.say(number, kind) is Posted.ACCEPTED
    told = citizen.reads(number)
    for words in ("har ändrat våra rutiner", "Avslutat", "Du kan inte lägga till något mer"):
        assert words in told
    assert citizen.page.locator("#supplement-text").count() == 0
