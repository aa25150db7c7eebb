"""What people do on every page."""

from playwright.sync_api import Locator


def follow(to: Locator) -> None:
    """Click a link, or what sends a form, and wait until the page that it leads to is here."""
    with to.page.expect_navigation():
        to.click()
