"""A case from the citizen's first word to the archive, on the pages and by many people (A1–F1)."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from gateway.demo.archiving import checked
from tests.browser.citizen import PICTURE
from tests.browser.steps import follow

LETTER = {"name": "svar.txt", "mimeType": "text/plain", "buffer": "Hej på dig.".encode()}
# Fewer than five are hidden in statistics; the case of the dialogue is the fifth.
OTHERS = 4


@pytest.fixture(scope="module")
def number(place, citizen):
    number = citizen.submits("Vårdcentralen Hamnstaden", "Ingen svarade i telefonen.")
    place.wait_for(number)
    return number


@pytest.fixture
def of_case(page, place, number):
    return lambda: page.goto(f"{place.console}/cases/{number}")


def test_01_the_citizen_sees_who_has_the_case(citizen, number):
    """The confirmation is there at once, and so is what was written (A7)."""
    told = citizen.reads(number)
    assert "Bekräftelse" in told
    assert "Finns hos\nVårdcentralen Hamnstaden" in told


def test_02_a_distributor_assigns_without_being_able_to_read(page, sign_in, of_case):
    """Who assigns sees that a case exists, and not what it says (E1)."""
    sign_in(page, "distributor")
    of_case()
    assert "Ingen svarade i telefonen" not in page.content()
    assert page.locator("summary").all_inner_texts() == ["Tilldela"]
    page.locator("#assign > summary").click()
    page.get_by_label("Handläggarens HSA-id").fill("SE2321009202-P001")
    page.get_by_label("Handläggarens namn").fill("Maria Mottagare")
    follow(page.locator("#assign button"))
    assert page.get_by_role("status").inner_text() == "Ärendet är tilldelat."


def test_03_a_receiver_finds_what_is_theirs_reads_it_and_replies_partly(page, sign_in, number):
    """A national standard text goes to the citizen as it is (D3)."""
    sign_in(page, "receiver")
    page.get_by_label("Handläggare").select_option("Mina")
    follow(page.get_by_role("button", name="Visa"))
    follow(page.get_by_role("link", name=number))
    assert "Ingen svarade i telefonen" in page.inner_text("main")
    page.locator("#partial-reply > summary").click()
    page.locator("#partial-reply-standard").select_option("WILL_CALL")
    follow(page.get_by_role("button", name="Skicka delsvaret"))
    assert page.get_by_role("status").inner_text() == "Delsvaret är skickat."
    assert "Vi kommer att ringa dig" in page.inner_text("main")


def test_04_a_receiver_asks_for_a_supplement_with_files(page, sign_in, of_case):
    """The citizen may attach files from now on (D4)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#request-supplement > summary").click()
    page.locator("#request-supplement-text").fill("Vilken dag var det?")
    page.locator("#request-supplement-allow").check()
    follow(page.get_by_role("button", name="Skicka begäran"))
    assert page.get_by_role("status").inner_text() == "Begäran är skickad."


def test_05_the_citizen_reads_both_and_sends_what_was_asked_for(citizen, number):
    """The replies are in the inbox, and the supplement goes the way of the case (A10, D1)."""
    told = citizen.reads(number)
    for words in ("Vi kommer att ringa dig", "Vilken dag var det?", "Väntar på dig"):
        assert words in told
    citizen.adds(number, "Det var den 1 mars.", with_file=True)
    assert citizen.page.get_by_role("status").inner_text() == "Det du lade till är skickat."


def test_06_the_receiver_reads_the_supplement_and_saves_its_file(page, sign_in, of_case):
    """What the citizen added is on the page, bytes and all (A10)."""
    sign_in(page, "receiver")
    of_case()
    assert "Det var den 1 mars." in page.inner_text("main")
    assert saved(page, "bild.png").read_bytes() == PICTURE


def test_07_a_reply_without_words_is_shown_again_with_what_is_wrong(page, sign_in, of_case):
    """The error leads to its field, and nothing was sent."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#final-reply > summary").click()
    follow(page.get_by_role("button", name="Skicka svaret"))
    page.get_by_role("alert").get_by_role("link").click()
    assert page.url.endswith("#final-reply-text")
    assert page.locator("#final-reply-text").get_attribute("aria-invalid") == "true"
    assert "Under handläggning" in page.locator("dl").first.inner_text()


def test_08_a_final_reply_goes_with_a_letter(page, sign_in, of_case):
    """Before the case is classified it cannot be closed (D4, E2)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#final-reply > summary").click()
    page.locator("#final-reply-text").fill("Vi beklagar det som hände.")
    page.locator("#final-reply-files").set_input_files(LETTER)
    follow(page.get_by_role("button", name="Skicka svaret"))
    assert page.get_by_role("status").inner_text() == "Svaret är skickat."
    assert page.locator("#close").count() == 0


def test_09_the_citizen_reads_the_reply_and_saves_its_letter(citizen, number):
    """Replies reach the citizen, files and all (D1, D4)."""
    assert "Vi beklagar det som hände." in citizen.reads(number)
    assert saved(citizen.page, "svar.txt").read_bytes() == LETTER["buffer"]


def test_10_the_case_is_classified_and_closed(page, sign_in, of_case, citizen, number):
    """Then it can only be reopened, and the citizen is told (E2)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#classify > summary").click()
    page.get_by_label("Bemötande").check()
    page.locator("#classify-field").select_option("Primärvård")
    follow(page.get_by_role("button", name="Spara klassificeringen"))
    page.locator("#close > summary").click()
    follow(page.get_by_role("button", name="Avsluta ärendet"))
    page.locator("#reopen").wait_for()
    assert page.locator("#final-reply").count() == 0
    assert "Du kan inte lägga till något mer" in citizen.reads(number)


def test_11_it_gets_its_diary_number_and_is_taken_to_the_archive(page, sign_in, of_case):
    """The package has everything, and every file is what its checksum says (E3)."""
    sign_in(page, "receiver")
    of_case()
    page.locator("#diary-number > summary").click()
    page.locator("#diary-number-diary").fill("PN 2026-118")
    follow(page.get_by_role("button", name="Anteckna"))
    package = saved(page, "Hämta ärendet som paket")
    assert checked(package.read_bytes()) >= 7
    with ZipFile(package) as files:
        assert files.read("case.pdf").startswith(b"%PDF-")
        assert b"PN 2026-118" in files.read("case.json")
        attached = [name for name in files.namelist() if name.startswith("attachments/")]
        assert PICTURE in map(files.read, attached)


def test_12_it_is_counted_in_the_statistics(place, page, sign_in, number):
    """With the other four it is five, and five may be shown (F1, F2)."""
    sign_in(page, "follow-up")
    page.goto(f"{place.console}/follow-up")
    assert page.locator("dl.counts dd").first.inner_text() == "dolt"
    for one in range(OTHERS):
        end(place, place.submit(f"counted beside it {one}"))
    page.reload()
    assert page.locator("dl.counts dd").first.inner_text() == str(OTHERS + 1)
    assert "Kommunikation" in page.locator("section[aria-labelledby=MAIN_PROBLEM]").inner_text()


def test_13_to_the_staff_of_another_unit_the_case_does_not_exist(page, sign_in, of_case):
    """Only staff of the unit see anything (E1)."""
    sign_in(page, "elsewhere")
    answer = of_case()
    assert answer.status == 404
    assert "Ingen svarade" not in page.content()


def test_14_the_timeline_tells_it_all_in_plain_words(page, sign_in, of_case):
    """Every step of a case is on its page (G1)."""
    sign_in(page, "receiver")
    of_case()
    told = page.locator("section[aria-labelledby=timeline]").inner_text()
    for words in ("Ärendet kom in", "tilldelades", "Delsvar", "kompletterade", "klassificerades"):
        assert words in told


def saved(page, name):
    """Click on a link to a file; gives where the browser saved it."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path())


def end(place, number):
    """Classify and close a case as its staff, over REST."""
    steps = {
        "classifications": {"problems": ["3.4"], "fieldOfOperation": "PRIMARY_CARE"},
        "messages": {"messageKind": "CLOSED"},
    }
    with place.gateway.client("staff") as staff:
        for what, said in steps.items():
            there, key = f"/api/v1/unit-inbox/{number}/{what}", {"Idempotency-Key": what + number}
            staff.post(there, json=said, headers=key).raise_for_status()
