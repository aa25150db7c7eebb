"""People sign in to the pages as they do with any provider, and out again (DOMAIN E1)."""

from tests.browser.steps import follow


def test_a_person_with_one_assignment_comes_to_the_inbox(page, place, sign_in):
    """Signed in, the name and the assignment stand on every page (E1)."""
    sign_in(page, "receiver")
    assert page.url == f"{place.console}/cases"
    assert "Maria Mottagare, Hamnens vårdcentral" in page.locator("header").inner_text()


def test_a_person_with_several_assignments_picks_one(page, place, sign_in):
    """A person works under one assignment at a time (E1)."""
    sign_in(page, "both")
    page.get_by_label("Patientnämnden").check()
    follow(page.get_by_role("button", name="Fortsätt"))
    assert "Ulla Uppdrag, Patientnämnden" in page.locator("header").inner_text()


def test_a_person_without_an_assignment_is_not_let_in(page, place, sign_in):
    """Nobody sees anything without an assignment (E1)."""
    sign_in(page, "nobody")
    assert "Du har inget uppdrag här" in page.inner_text("h1")
    page.goto(f"{place.console}/cases")
    assert "Stand-in identity provider" in page.inner_text("h1")


def test_who_signs_out_has_to_sign_in_again(page, place, sign_in):
    """After signing out the browser opens nothing (E1)."""
    sign_in(page, "receiver")
    follow(page.get_by_role("button", name="Logga ut"))
    assert "Du är utloggad" in page.inner_text("h1")
    page.goto(f"{place.console}/cases")
    assert "Stand-in identity provider" in page.inner_text("h1")


def test_the_language_that_was_clicked_stays(page, place, sign_in):
    """Swedish first, English for who wants it."""
    sign_in(page, "receiver")
    follow(page.get_by_role("link", name="English"))
    page.reload()
    assert page.inner_text("h1") == "Inbox"
    assert page.locator("html").get_attribute("lang") == "en"
