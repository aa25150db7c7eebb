"""How the demo tells where to look, and whom to be."""

from datetime import date

from rich.console import Console

from gateway.demo import telling
from gateway.demo.people import SIGN_INS
from gateway.demo.site import make_site


def test_everybody_one_can_sign_in_as_is_told_with_what_they_show():
    """E1: nobody has to guess whom to be."""
    console = Console(width=200)
    with console.capture() as shown:
        console.print(telling.people())
    for sign_in in SIGN_INS:
        for person, claims in sign_in.people.items():
            assert claims["name"] in shown.get()
            assert sign_in.shows[person].split()[0] in shown.get()


def test_no_personal_number_is_told():
    """A8: those of the citizens stay with the stand-in identity provider."""
    console = Console(width=200)
    with console.capture() as shown:
        console.print(telling.people())
    assert "191212121212" not in shown.get()


def test_the_pages_of_citizens_and_of_staff_are_told(tmp_path):
    """CONTRACT, Commands: the addresses of the pages."""
    site = make_site(tmp_path, date(2026, 3, 2))
    told = "\n".join(telling.addresses(site))
    for path in ("/citizen", "/citizen/anonymous", "/console"):
        assert f"{site.gateway_url}{path}" in told
