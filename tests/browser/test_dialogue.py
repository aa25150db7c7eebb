"""A case from its assignment to its closing, on the pages and by two people (DOMAIN E1, E2)."""

import pytest

LETTER = {"name": "svar.txt", "mimeType": "text/plain", "buffer": b"Hej"}
SUPPLEMENT = {"text": "Det var den 1 mars."}


@pytest.fixture(scope="module")
def number(place):
    return place.submit("the dialogue")


@pytest.fixture
def of_case(page, place, number):
    return lambda: page.goto(f"{place.console}/cases/{number}")


def test_1_a_distributor_assigns_without_being_able_to_read(page, sign_in, of_case):
    """Who assigns sees that a case exists, and not what it says (E1)."""
    sign_in(page, "distributor")
    of_case()
    assert "Ingen svarade i telefonen" not in page.content()
    assert page.locator("summary").all_inner_texts() == ["Tilldela"]
    page.locator("#assign > summary").click()
    page.get_by_label("Handläggarens HSA-id").fill("SE2321009202-P001")
    page.get_by_label("Handläggarens namn").fill("Maria Mottagare")
    page.locator("#assign button").click()
    assert page.get_by_role("status").inner_text() == "Ärendet är tilldelat."


def test_2_a_receiver_finds_what_is_theirs_reads_it_and_replies_partly(page, sign_in, number):
    """A national standard text goes to the citizen as it is (D3)."""
    sign_in(page, "receiver")
    page.get_by_label("Handläggare").select_option("Mina")
    page.get_by_role("button", name="Visa").click()
    page.get_by_role("link", name=number).click()
    assert "Ingen svarade i telefonen" in page.inner_text("main")
    page.locator("#partial-reply > summary").click()
    page.locator("#partial-reply-standard").select_option("WILL_CALL")
    page.get_by_role("button", name="Skicka delsvaret").click()
    assert page.get_by_role("status").inner_text() == "Delsvaret är skickat."
    assert "Vi kommer att ringa dig" in page.inner_text("main")


def test_3_a_receiver_asks_for_a_supplement_and_reads_it(page, place, number, sign_in, of_case):
    """The citizen may attach files from now on, and what they add is on the page (A10, D4)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#request-supplement > summary").click()
    page.locator("#request-supplement-text").fill("Vilken dag var det?")
    page.locator("#request-supplement-allow").check()
    page.get_by_role("button", name="Skicka begäran").click()
    with place.gateway.client("e-service") as citizen:
        there, key = f"/api/v1/cases/{number}/supplements", {"Idempotency-Key": "added"}
        said = citizen.post(there, json=SUPPLEMENT, headers=key)
    assert said.is_success, said.text
    of_case()
    assert "Det var den 1 mars." in page.inner_text("main")


def test_4_a_reply_without_words_is_shown_again_with_what_is_wrong(page, sign_in, of_case):
    """The error leads to its field, and nothing was sent."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#final-reply > summary").click()
    page.get_by_role("button", name="Skicka svaret").click()
    page.get_by_role("alert").get_by_role("link").click()
    assert page.url.endswith("#final-reply-text")
    assert page.locator("#final-reply-text").get_attribute("aria-invalid") == "true"
    assert "Under handläggning" in page.locator("dl").first.inner_text()


def test_5_a_final_reply_with_a_letter_is_sent_and_the_case_classified_and_closed(
    page, sign_in, of_case
):
    """It can be closed once it is classified, and then only be reopened (E2)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#final-reply > summary").click()
    page.locator("#final-reply-text").fill("Vi beklagar det som hände.")
    page.locator("#final-reply-files").set_input_files(LETTER)
    page.get_by_role("button", name="Skicka svaret").click()
    assert page.locator("#close").count() == 0
    page.locator("#classify > summary").click()
    page.get_by_label("Bemötande").check()
    page.locator("#classify-field").select_option("Primärvård")
    page.get_by_role("button", name="Spara klassificeringen").click()
    page.locator("#close > summary").click()
    page.get_by_role("button", name="Avsluta ärendet").click()
    assert page.locator("summary").all_inner_texts() == ["Öppna igen"]


def test_6_to_the_staff_of_another_unit_the_case_does_not_exist(page, sign_in, of_case):
    """Only staff of the unit see anything (E1)."""
    sign_in(page, "elsewhere")
    answer = of_case()
    assert answer.status == 404
    assert "Ingen svarade" not in page.content()


def test_7_the_timeline_tells_it_all_in_plain_words(page, sign_in, of_case):
    """Every step of a case is on its page (G1)."""
    sign_in(page, "receiver")
    of_case()
    told = page.locator("section[aria-labelledby=timeline]").inner_text()
    for words in ("Ärendet kom in", "tilldelades", "Delsvar", "kompletterade", "klassificerades"):
        assert words in told
