"""A case from one built-in inbox to a vendor's system and back to an inbox (DOMAIN D6, B4)."""

import pytest

from gateway.demo.desk import Posted
from tests.browser.conftest import OTHER_UNIT, UNIT
from tests.browser.steps import follow


@pytest.fixture(scope="module")
def number(place, citizen):
    number = citizen.submits("Vårdcentralen Hamnstaden", "Ingen svarade i telefonen.")
    place.wait_for(number)
    return number


@pytest.fixture
def of_case(page, place, number):
    return lambda: page.goto(f"{place.console}/cases/{number}")


def test_1_a_receiver_replies_in_part_and_forwards_the_case(page, sign_in, of_case):
    """The new receiver is found by name, and the words go along (D6)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#partial-reply > summary").click()
    page.locator("#partial-reply-standard").select_option("WILL_CALL")
    follow(page.get_by_role("button", name="Skicka delsvaret"))
    page.locator("#forward > summary").click()
    page.locator("#forward-find").fill("Björkhöjden")
    follow(page.get_by_role("button", name="Sök"))
    page.get_by_label("Hälsocentralen Björkhöjden").check()
    page.locator("#forward-text").fill("Det hände hos dem.")
    follow(page.get_by_role("button", name="Skicka vidare"))
    assert page.get_by_role("status").inner_text() == "Ärendet är skickat vidare."
    assert of_case().status == 404


def test_2_the_citizen_is_told_who_has_the_case_now(vendor, citizen, number):
    """In plain words, and the system has it over SOAP (D6, B1)."""
    vendor.got(number, "FORWARDED")
    told = citizen.reads(number)
    assert "Finns hos\nHälsocentralen Björkhöjden" in told
    assert "Ditt ärende har skickats vidare" in told
    assert "Det hände hos dem." in told


def test_3_the_system_forwards_back_but_not_to_whom_declined_it(vendor, citizen, number):
    """No case goes round in a circle; another unit's inbox may have it (D6)."""
    assert vendor.say(number, "FORWARD", UNIT) is Posted.REFUSED
    assert vendor.say(number, "FORWARD", OTHER_UNIT) is Posted.ACCEPTED
    assert vendor.say(number, "FINAL_REPLY") is not Posted.ACCEPTED
    told = citizen.reads(number)
    assert "Finns hos\nHälsocentralen Centrum" in told
    assert "hör till en annan mottagning" in told


def test_4_staff_of_the_inbox_see_the_whole_history_and_reply(place, page, sign_in, number):
    """What was written, replied and said on the way has gone along (D6)."""
    place.wait_for(number)
    sign_in(page, "elsewhere")
    follow(page.get_by_role("link", name=number))
    told = page.inner_text("main")
    for words in ("Ingen svarade i telefonen", "Vi kommer att ringa dig", "Det hände hos dem."):
        assert words in told
    page.locator("#final-reply > summary").click()
    page.locator("#final-reply-text").fill("Nu har vi ändrat telefontiderna.")
    follow(page.get_by_role("button", name="Skicka svaret"))
    assert page.get_by_role("status").inner_text() == "Svaret är skickat."


def test_5_the_citizen_reads_the_reply_of_who_has_the_case_at_last(citizen, number):
    """One dialogue, wherever the case is handled (D1)."""
    told = citizen.reads(number)
    assert "ändrat telefontiderna" in told
    assert "Från Hälsocentralen Centrum" in told
