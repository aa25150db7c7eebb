"""Units over REST: the chooser, a direct link, and what can receive now."""

import pytest

UNIT, INBOX_UNIT = "SE2321000016-1A2B", "SE2321000016-3C4D"
COMMITTEE = "SE2321000016-PN"


@pytest.fixture
def searched(asked):
    """Search as an e-service."""

    def search(caller="e-service", **query):
        return asked(caller, "GET", "/units", params=query)

    return search


def test_units_are_found_by_what_a_citizen_types(searched):
    """DOMAIN A14: without dots, half a word, a typing error; and the committee as the way out."""
    found = searched(q="sollna akut", limit=1).json()
    assert found["items"] == [
        {
            "hsaId": UNIT,
            "name": "Akutmottagningen Solna",
            "place": "Solna",
            "region": "stockholm",
            "regionName": "Region Stockholm",
            "receiver": "CARE",
        }
    ]
    [way_out] = found["committees"]
    assert (way_out["hsaId"], way_out["receiver"], "place" in way_out) == (
        COMMITTEE,
        "COMMITTEE",
        False,
    )


@pytest.mark.parametrize("caller", ["e-service", "system", "staff", "operator"])
def test_any_known_caller_may_search(searched, caller):
    """CONTRACT GET /units."""
    assert len(searched(caller, q="solna").json()["items"]) == 3


def test_nobody_unknown_may_search(client):
    """DOMAIN G2: deny by default."""
    assert client.get("/api/v1/units").status_code == 401


def test_units_are_read_page_by_page(searched):
    """INTEROP §7: lists are read a page at a time."""
    first = searched(region="stockholm", limit=2).json()
    rest = searched(region="stockholm", limit=2, after=first["next"]).json()
    found = [item["hsaId"] for item in first["items"] + rest["items"]]
    assert found == [UNIT, INBOX_UNIT, "SE2321000016-5E6F"]
    assert "next" not in rest
    assert first["committees"] == rest["committees"]


def test_nothing_found_still_has_a_way_out(searched):
    """DOMAIN A14: the committee is always offered."""
    found = searched(q="lasarettet").json()
    assert found["items"] == []
    assert [item["hsaId"] for item in found["committees"]] == [COMMITTEE]


def test_what_handles_the_cases_is_not_shown(asked):
    """DOMAIN A14, B2: only the name and the HSA-id of units differ."""
    own, integrated = (
        asked("e-service", "GET", f"/units/{one}").json() for one in (INBOX_UNIT, UNIT)
    )
    assert own | {"hsaId": UNIT} == integrated


@pytest.mark.parametrize(
    "query",
    [{"region": "nowhere"}, {"after": "SE2321000016-9X9X"}, {"q": "a" * 101}],
)
def test_a_search_that_is_none_is_refused_with_its_place(searched, query):
    """RFC 9457: what is wrong, and where."""
    told = searched(**query)
    assert told.status_code == 400
    assert told.json()["errors"][0]["where"] == f"query/{next(iter(query))}"


def test_a_direct_link_leads_to_a_unit_or_a_committee(asked):
    """DOMAIN A14: compared without case."""
    assert asked("e-service", "GET", f"/units/{UNIT.lower()}").json()["hsaId"] == UNIT
    told = asked("e-service", "GET", f"/units/{COMMITTEE}").json()
    assert (told["name"], told["receiver"]) == ("Patientnämnden", "COMMITTEE")


def test_a_link_to_nobody_says_what_to_do(asked):
    """DOMAIN A14: visible now or 404; what was asked for is not repeated."""
    told = asked("e-service", "GET", "/units/191212121212")
    assert (told.status_code, told.json()["title"]) == (404, "Unit not visible")
    assert "choose the region's committee" in told.json()["detail"]
    assert "191212121212" not in told.text


@pytest.mark.parametrize(
    ("address", "receiver"), [(UNIT, "CARE"), (INBOX_UNIT, "CARE"), (COMMITTEE, "COMMITTEE")]
)
def test_who_can_receive_is_told_so(asked, address, receiver):
    """DOMAIN B2: before anything is sent."""
    told = asked("e-service", "GET", f"/units/{address}/capability?kind=FEEDBACK").json()
    assert told == {
        "hsaId": address,
        "kind": "FEEDBACK",
        "receiver": receiver,
        "canReceive": True,
        "anonymous": True,
    }


def test_who_cannot_receive_is_told_with_the_rule(asked):
    """DOMAIN B11: the problem that a case would get."""
    told = asked("e-service", "GET", "/units/SE2321000016-9X9X/capability").json()
    assert (told["canReceive"], told["rule"]) == (False, "unknown-unit")
    assert "route table" in told["reason"]
