"""A citizen's whole dialogue at the pages, for everybody, and by keyboard alone."""

from contextlib import closing

import pytest

from tests.browser.conftest import COMMITTEE, UNIT
from tests.browser.steps import follow
from tests.browser.test_accessibility import faults, tab_to

FILE = {"name": "brev.txt", "mimeType": "text/plain", "buffer": b"Hej."}


@pytest.fixture
def home(place):
    return f"{place.gateway.url}/citizen"


@pytest.fixture
def scripted(browser):
    """A page where axe can run."""
    with closing(browser.new_context(locale="sv-SE")) as context:
        yield context.new_page()


@pytest.fixture
def fill():
    """Give what fills the form of a new case in."""

    def filled(page):
        page.locator("#new-kind-COMPLAINT").check()
        page.locator("#new-event").fill("2026-03-02")
        page.locator("#new-who-me").check()
        page.locator("#new-text").fill("Ingen ringde upp.")
        page.locator("#new-answer-INBOX").check()

    return filled


def sign_in(page, name="Tolvan Tolvansson"):
    follow(page.get_by_role("link", name=name))


def test_a_citizen_writes_adds_a_file_that_was_asked_for_and_takes_it_back(
    page, place, home, fill, browser
):
    """DOMAIN A2, A7, A10, D4: from the direct link to a unit to the end."""
    page.goto(f"{home}/new?unit={UNIT}")
    sign_in(page)
    fill(page)
    follow(page.locator("#new button[type=submit]"))
    number = page.get_by_text("Ditt ärendenummer är").inner_text().split()[3].rstrip(".")
    place.wait_for(number)
    _ask_for_files(place, number)
    page.goto(f"{home}/cases/{number}")
    assert "Har du brevet?" in page.locator("main").inner_text()
    page.locator("#supplement-text").fill("Här är brevet.")
    page.locator("#supplement-files").set_input_files(FILE)
    follow(page.locator("#supplement button[type=submit]"))
    assert "Det du lade till är skickat." in page.get_by_role("status").inner_text()
    follow(page.get_by_role("link", name="Ta tillbaka ärendet"))
    follow(page.get_by_role("button", name="Ja, ta tillbaka ärendet"))
    assert "Du har tagit tillbaka det" in page.locator("main").inner_text()


def test_who_was_signed_out_signs_in_beside_and_sends_the_same_text(page, home, fill):
    """Nothing that was written is lost, and nothing of it was kept here meanwhile."""
    page.goto(f"{home}/new?unit={UNIT}")
    sign_in(page)
    fill(page)
    page.context.clear_cookies()
    follow(page.locator("#new button[type=submit]"))
    with page.expect_popup() as beside:
        page.get_by_role("link", name="Logga in i ett nytt fönster").click()
    sign_in(beside.value)
    beside.value.get_by_role("heading", name="Du är inloggad").wait_for()
    follow(page.locator("#new button[type=submit]"))
    assert page.locator("#new-text").input_value() == "Ingen ringde upp."
    follow(page.locator("#new button[type=submit]"))
    page.get_by_text("Tack, vi har tagit emot ditt ärende").wait_for()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_the_pages_of_citizens(scripted, home, fill, language):
    """Every page, and a form with everything wrong in it (WCAG 2.2 AA)."""
    page, found = scripted, []
    page.goto(f"{home}/language/{language}?back=/citizen/")
    for path in ("/", "/choose", "/choose?text=hamn", "/signed-out", "/signed-in", "/nowhere"):
        page.goto(f"{home}{path}")
        found += faults(page)
    page.goto(f"{home}/new?unit={COMMITTEE}")
    sign_in(page)
    follow(page.locator("#new button[type=submit]"))
    page.locator("#new-who-other").check()
    found += faults(page)
    page.goto(f"{home}/new?unit={UNIT}")
    fill(page)
    follow(page.locator("#new button[type=submit]"))
    found += faults(page)
    page.goto(page.url.removesuffix("/sent"))
    follow(page.locator("#supplement button"))
    page.locator("details.own > summary").click()
    found += faults(page)
    for path in ("/withdraw", ""):
        page.goto(f"{page.url.removesuffix('/supplement')}{path}")
        found += faults(page)
    page.goto(f"{home}/cases")
    assert page.locator("html").get_attribute("lang") == language
    assert [*found, *faults(page)] == []


def test_a_case_can_be_written_with_the_keyboard_alone(scripted, home):
    """Find the unit, fill in, send (WCAG 2.1.1)."""
    page, keys = scripted, scripted.keyboard
    page.goto(f"{home}/choose")
    tab_to(page, "#text")
    keys.type("Hamnstaden")
    keys.press("Enter")
    tab_to(page, f"a[href$='unit={UNIT}']")
    keys.press("Enter")
    tab_to(page, "a[href*='person=tolvan']")
    keys.press("Enter")
    tab_to(page, "#new-kind-COMPLAINT")
    keys.press("Space")
    tab_to(page, "#new-event")
    page.locator("#new-event").fill("2026-03-02")
    for field in ("#new-who-me", "#new-text", "#new-answer-INBOX"):
        tab_to(page, field)
        keys.type("Hej.") if field == "#new-text" else keys.press("Space")
    tab_to(page, "#new button[type=submit]")
    keys.press("Enter")
    page.get_by_text("Tack, vi har tagit emot ditt ärende").wait_for()


def _ask_for_files(place, number):
    asked = {
        "messageKind": "SUPPLEMENT_REQUEST",
        "text": "Har du brevet?",
        "attachmentsAllowed": True,
    }
    with place.gateway.client("staff") as staff:
        key = {"Idempotency-Key": "ask for files"}
        staff.post(
            f"/api/v1/unit-inbox/{number}/messages", json=asked, headers=key
        ).raise_for_status()
