"""Everybody can use the pages: WCAG 2.2 AA as far as a machine can tell, and by keyboard alone."""

import re
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.steps import follow

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def number(place):
    return place.submit("for everybody")


@pytest.fixture
def scripted(browser):
    """A page where axe can run."""
    with closing(browser.new_context(locale="sv-SE")) as context:
        yield context.new_page()


def faults(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_the_pages_of_signing_in(scripted, place, sign_in, language):
    """The pages before all others, in both languages (WCAG 2.2 AA)."""
    page, found = scripted, []
    for path in ("/", "/signed-out", "/signed-in", "/no-such-page"):
        page.goto(f"{place.console}/language/{language}")
        page.goto(f"{place.console}{path}")
        found += faults(page)
    sign_in(page, "both")
    found += faults(page)
    follow(page.locator("main button"))
    assert [*found, *faults(page)] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_the_pages_of_a_case(scripted, place, sign_in, number, language):
    """The list, the case with every form open, what is wrong with one, and a text shown back."""
    page, found = scripted, []
    sign_in(page, "receiver")
    page.goto(f"{place.console}/language/{language}?back=/console/cases")
    found += faults(page)
    page.goto(f"{place.console}/cases/{number}?find=hamn")
    while (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    found += faults(page)
    follow(page.locator("#final-reply button"))
    found += faults(page)
    page.fill("#final-reply-text", "Vårt svar.")
    page.context.clear_cookies(name=re.compile("session"))
    follow(page.locator("#final-reply button"))
    assert page.locator("#kept-text").input_value() == "Vårt svar."
    assert page.locator("html").get_attribute("lang") == language
    assert [*found, *faults(page)] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_axe_finds_nothing_on_the_other_pages_of_staff(scripted, place, sign_in, language):
    """A new theme, registering, and what is wrong there; follow-up with bars (WCAG 2.2 AA)."""
    page, found = scripted, []
    sign_in(page, "receiver")
    page.goto(f"{place.console}/language/{language}?back=/console/themes")
    page.locator("#make-theme > summary").click()
    page.fill("#make-theme-title", f"Stolarna ({language})")
    found += faults(page)
    follow(page.locator("#make-theme button"))
    page.get_by_role("status").wait_for()
    while (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    found += faults(page)
    page.goto(f"{place.console}/register")
    follow(page.locator("#register button"))
    page.get_by_role("alert").wait_for()
    found += faults(page)
    for path in ("/board", "/follow-up?year=2026&area="):
        page.goto(f"{place.console}{path}")
        found += faults(page)
    assert found == []


def test_a_reply_can_be_sent_with_the_keyboard_alone(scripted, place, number):
    """The whole main path: sign in, open the case, write, send (WCAG 2.1.1)."""
    page, keys = scripted, scripted.keyboard
    page.goto(place.console)
    tab_to(page, "main a.ds-button")
    keys.press("Enter")
    tab_to(page, "a[href*='person=receiver']")
    keys.press("Enter")
    tab_to(page, f"a[href$='{number}']")
    keys.press("Enter")
    tab_to(page, "#partial-reply > summary")
    keys.press("Enter")
    tab_to(page, "#partial-reply-text")
    keys.type("Vi har läst det.")
    tab_to(page, "#partial-reply button")
    keys.press("Enter")
    page.get_by_role("status").wait_for()
    assert "Vi har läst det." in page.inner_text("section[aria-labelledby=messages]")


def test_the_first_tab_leads_past_the_menu(scripted, place):
    """A skip link comes first, and can be seen when it has focus (WCAG 2.4.1, 2.4.7)."""
    scripted.goto(f"{place.console}/")
    scripted.keyboard.press("Tab")
    link = scripted.locator("a.ds-skip-link:focus")
    assert link.bounding_box()["height"] > 20
    scripted.keyboard.press("Enter")
    assert scripted.evaluate("document.activeElement.id") == "content"


def tab_to(page, selector):
    """Press Tab until what is meant has focus."""
    page.locator(selector).wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} cannot be reached with Tab on {page.url}")
