"""Lists, counts, themes and measures over REST (DOMAIN A11, E1, F3, F4)."""

import pytest

from tests.unit.facade.rest.conftest import INBOX_UNIT


@pytest.fixture
def number(arrive, unit_case):
    """A complaint in the inbox."""
    return arrive(unit_case)


@pytest.fixture
def theme(asked):
    """The address of a theme."""
    body = {"title": "Stolarna", "level": "UNIT", "ownerHsaId": INBOX_UNIT.text}
    made = asked("staff", "POST", "/themes", json=body, headers={"Idempotency-Key": "k-1"})
    assert made.status_code == 201
    return f"/themes/{made.json()['id']}"


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=OPEN&kind=COMPLAINT&order=NEWEST", True),
        ("state=CLOSED", False),
        ("kind=FEEDBACK", False),
        ("assigned=NOBODY&order=DUE", True),
        ("assigned=ME", False),
        ("due=OVERDUE", False),
    ],
)
def test_a_list_has_what_fits_every_filter(asked, number, query, there):
    """DOMAIN A11, E1."""
    found = asked("staff", "GET", f"/unit-inbox?{query}").json()["items"]
    assert [item["caseNumber"] for item in found] == [number] * there


@pytest.mark.usefixtures("number")
def test_a_page_goes_on_where_the_one_before_ended(asked, arrive, unit_case):
    """CONTRACT: keyset pages, in every order."""
    arrive(unit_case | {"caseId": "e-3"})
    for order in ("OLDEST", "NEWEST", "DUE"):
        page = asked("staff", "GET", f"/unit-inbox?order={order}&limit=1").json()
        place = f"order={order}&limit=1&after={page['next']}"
        rest = asked("staff", "GET", f"/unit-inbox?{place}").json()
        assert "next" not in rest
        assert rest["items"][0]["caseNumber"] != page["items"][0]["caseNumber"]


@pytest.mark.parametrize(
    "query",
    [
        "order=SIDEWAYS",
        "due=SOON&order=OLDEST",
        "after=2026-99-99T00:00:00.000000Z_0198f0a47c1e7d3a9b523f6f0c0a1b2c",
        "after=9999-12-31T23:00:00-14:00_0198f0a47c1e7d3a9b523f6f0c0a1b2c",
        "after=yesterday",
    ],
)
def test_what_fits_nothing_is_refused(asked, query):
    """DOMAIN A11: the value is nowhere in the answer's address."""
    problem = asked("staff", "GET", f"/unit-inbox?{query}")
    assert _told(problem) == (400, "schema")


@pytest.mark.usefixtures("number")
def test_open_complaints_are_counted_for_staff_and_for_the_nation(asked):
    """DOMAIN A11: by unit."""
    for caller in ("staff", "national"):
        (unit,) = asked(caller, "GET", "/due-dates").json()["units"]
        assert (unit["unitHsaId"], unit["open"], unit["overdue"]) == (INBOX_UNIT.text, 1, 0)
    assert asked("system", "GET", "/due-dates").status_code == 403


def test_a_theme_is_filled_read_emptied_and_closed(asked, number, theme):
    """DOMAIN F4."""
    put = asked("staff", "POST", f"{theme}/cases", json={"caseNumber": number})
    assert (put.status_code, put.json()["cases"]) == (201, 1)
    (case,) = asked("staff", "GET", f"{theme}/cases").json()["items"]
    assert case["caseNumber"] == number
    assert asked("staff", "DELETE", f"{theme}/cases/{number}").json()["cases"] == 0
    closing = asked("staff", "POST", f"{theme}/closing", json={"text": "Tack."}).json()
    assert (closing["told"], closing["left"]) == (0, [])
    assert asked("staff", "GET", theme).json()["closingText"] == "Tack."
    (closed,) = asked("staff", "GET", "/themes?closed=true").json()["items"]
    assert (closed["title"], asked("staff", "GET", "/themes").json()["items"]) == ("Stolarna", [])


def test_a_unit_is_counted_and_its_cases_listed(asked, number):
    """DOMAIN A11, B3: by the unit that was selected."""
    board = asked("staff", "GET", "/unit-board").json()
    (unit,) = board["units"]
    assert (unit["open"], unit["unassigned"], board["whole"]) == (1, 1, True)
    for asked_for, numbers in ((unit["unitHsaId"], [number]), ("SE2321000016-NO", [])):
        items = asked("staff", "GET", f"/unit-inbox?unit={asked_for}").json()["items"]
        assert [one["caseNumber"] for one in items] == numbers


def test_measures_are_recorded_and_their_effect_noted(asked, number, theme):
    """DOMAIN F3: on a theme and on a case."""
    wish = {"what": "Stolar", "level": "UNIT", "responsible": "Chefen", "dueDate": "2026-06-01"}
    for place in (theme, f"/unit-inbox/{number}"):
        key = {"Idempotency-Key": "k-2"}
        made = asked("staff", "POST", f"{place}/measures", json=wish, headers=key).json()
        for step in ("follow-up", "evaluation"):
            asked("staff", "POST", f"/measures/{made['id']}/{step}", json={"text": "Klart."})
        (told,) = asked("staff", "GET", f"{place}/measures").json()["items"]
        assert told["followedUp"]["text"] == told["evaluated"]["text"] == "Klart."


def test_what_is_unknown_is_not_found(asked):
    """DOMAIN E1."""
    nowhere = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"
    body = {"text": "Klart."}
    theme = asked("staff", "GET", f"/themes/{nowhere}")
    measure = asked("staff", "POST", f"/measures/{nowhere}/follow-up", json=body)
    assert _told(theme) == (404, "theme-unknown")
    assert _told(measure) == (404, "measure-unknown")


def _told(answer):
    return answer.status_code, answer.json()["type"].rpartition(":")[2]
