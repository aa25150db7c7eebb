"""A citizen at the pages: writes a case, reads what is said about it, and adds to it."""

from urllib.parse import urlencode

from playwright.sync_api import FilePayload, Page

from tests.browser.steps import follow

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)

_FILE = FilePayload(name="bild.png", mimeType="image/png", buffer=PICTURE)


class Citizen:
    """What a citizen who has signed in does and reads; `page` is where they are."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self._home = home

    def submits(self, unit: str, words: str) -> str:
        """Find a unit by its name, and write to it; gives the number of the case."""
        self.page.goto(f"{self._home}/choose?{urlencode({'text': unit})}")
        follow(self.page.get_by_role("link", name=f"Skriv till {unit}", exact=True))
        self.page.get_by_label("Ett klagomål").check()
        self.page.get_by_label("När hände det?").fill("2026-03-02")
        self.page.get_by_label("Mig själv").check()
        self.page.get_by_label("Vad hände?").fill(words)
        self.page.get_by_label("Skriftligt, här på sidan").check()
        follow(self.page.get_by_role("button", name="Skicka"))
        follow(self.page.get_by_role("link", name="Visa ärendet"))
        return self.page.url.rpartition("/")[2]

    def reads(self, number: str) -> str:
        """Read a case with all its messages."""
        self.page.goto(f"{self._home}/cases/{number}")
        return self.page.locator("main").inner_text()

    def adds(self, number: str, words: str, *, with_file: bool = False) -> None:
        """Add to a case."""
        self.reads(number)
        self.page.locator("#supplement-text").fill(words)
        if with_file:
            self.page.locator("#supplement-files").set_input_files(_FILE)
        follow(self.page.locator("#supplement button[type=submit]"))


def signed_in_citizen(page: Page, home: str, name: str) -> Citizen:
    """Sign somebody in by their name, as people do."""
    page.goto(f"{home}/cases")
    follow(page.get_by_role("link", name=name))
    return Citizen(page, home)
