"""Somebody who does not say who they are writes, is answered, and reads it with a code (A9)."""

from contextlib import closing

import pytest

from gateway.console.site import ANONYMOUS
from tests.browser.steps import follow
from tests.browser.test_accessibility import faults

# In the region that takes such cases, and in one that does not.
NAME, ELSEWHERE = "Hälsocentralen Centrum", "Vårdcentralen Hamnstaden"
FORM = {"När hände det?": "2026-03-02", "Vad hände?": "Jag fick vänta i sju timmar."}
CHOSEN = ("Ett klagomål", "Ja, och jag läser det här")


@pytest.fixture
def home(place):
    return f"{place.gateway.url}{ANONYMOUS.home}"


@pytest.fixture
def write(home):
    """Send a case in a page, and give its code."""

    def write(page):
        page.goto(f"{home}/choose?text=hälsocentralen centrum")
        follow(page.get_by_role("link", name=f"Skriv till {NAME}", exact=True))
        for label in CHOSEN:
            page.get_by_label(label).check()
        for label, words in FORM.items():
            page.get_by_label(label).fill(words)
        follow(page.get_by_role("button", name="Skicka"))
        return page.locator(".code").inner_text()

    return write


@pytest.fixture
def open_case(home):
    """Open the case of a code in a page, and tell what is read there."""

    def opened(page, code):
        page.goto(f"{home}/code")
        page.get_by_label("Din kod").fill(code.lower().replace("-", " "))
        follow(page.get_by_role("button", name="Öppna ärendet"))
        return page.locator("main").inner_text()

    return opened


def test_a_code_is_all_that_somebody_needs(page, place, sign_in, write, open_case):
    """Written without signing in, answered by staff who see nobody, read and added to (A9)."""
    code = write(page)
    told = open_case(page, code)
    assert "Bekräftelse" in told
    number = page.inner_text("h1").removeprefix("Ärende ")
    place.wait_for(number)
    follow(page.get_by_role("button", name="Logga ut"))
    sign_in(page, "elsewhere")
    page.goto(f"{place.console}/cases/{number}")
    assert "Anonym." in page.inner_text("main")
    assert "Personnummer" not in page.inner_text("main")
    page.locator("#final-reply > summary").click()
    page.locator("#final-reply-text").fill("Vi beklagar väntan.")
    follow(page.locator("#final-reply button"))
    assert "Vi beklagar väntan." in open_case(page, code)
    page.get_by_label("Din text").fill("Tack för svaret.")
    follow(page.get_by_role("button", name="Skicka"))
    assert page.get_by_role("status").inner_text() == "Det du lade till är skickat."


def test_who_chooses_a_region_without_it_is_led_to_signing_in(page, home):
    """Nobody writes in vain (A9)."""
    page.goto(f"{home}/choose?text={ELSEWHERE}")
    assert page.get_by_role("link", name=f"Skriv till {ELSEWHERE}").count() == 0
    follow(page.locator("main").get_by_role("link", name="Logga in i stället"))
    follow(page.get_by_role("link", name="Skriv utan att logga in"))
    assert "Skriv utan att säga vem du är" in page.inner_text("h1")


def test_axe_finds_nothing_on_any_of_these_pages(browser, home, write, open_case):
    """Each page once, and what is wrong with a form and a code (WCAG 2.2 AA)."""
    with closing(browser.new_context(locale="sv-SE")) as context:
        page, found = context.new_page(), []
        code = write(page)
        found += faults(page)
        open_case(page, code)
        page.locator("details > summary").click()
        found += faults(page)
        for path in ("/", "/choose?text=centrum", "/new?unit=SE2321009202-VCHAMN"):
            page.goto(f"{home}{path}")
            found += faults(page)
        for path, form in (("/code", "code"), ("/new?unit=SE2321009101-PATN", "form")):
            page.goto(f"{home}{path}")
            follow(page.locator(f"#anonymous_{form} button"))
            found += faults(page)
        page.goto(f"{home}/language/en?back={ANONYMOUS.home}/case")
        assert [*found, *faults(page)] == []
        assert page.locator("html").get_attribute("lang") == "en"
