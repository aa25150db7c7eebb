"""
Every role at every route, on a case of its own unit and of another (DOMAIN E1).

Whoever adds a route writes its row. A cell has two signs: what one meets on what is one's own, and
on another's. What is one's own: of an e-service what it sent, of a system what it holds, of staff
what is in their unit's inbox, of those who follow up their region. The rest have none, and meet
the same twice. The case is with the care, so nobody corrects its unit (A3).

    +  is let in, whatever then comes of it
    -  may not (403)
    0  is told of nothing there (404)
"""

import copy
from itertools import count

import pytest

from gateway.facade.rest.api import RESOURCES
from gateway.facade.rest.measures import MeasureBody
from gateway.flow.caller import Role

COLUMNS = {
    "es": Role.E_SERVICE,
    "cs": Role.CASE_SYSTEM,
    "cr": Role.CASE_RECEIVER,
    "cd": Role.CASE_DISTRIBUTOR,
    "co": Role.COORDINATOR,
    "pn": Role.COMMITTEE_STAFF,
    "fu": Role.FOLLOW_UP,
    "op": Role.OPERATOR,
    "na": Role.NATIONAL,
    "in": Role.INTEGRATOR,
    "au": Role.AUDITOR,
}
TABLE = """
                        es cs cr cd co pn fu op na in au
submitCase              ++ -- -- -- -- -- -- -- -- -- --
readCase                +0 -- +0 +0 +0 +0 -- ++ -- -- ++
supplementCase          +0 -- -- -- -- -- -- -- -- -- --
withdrawCase            +0 -- -- -- -- -- -- -- -- -- --
registerCase            -- +- +- -- +- +- -- -- -- -- --
submitAnonymousCase     ++ -- -- -- -- -- -- -- -- -- --
supplementAnonymousCase 00 -- -- -- -- -- -- -- -- -- --
withdrawAnonymousCase   00 -- -- -- -- -- -- -- -- -- --
listAnonymousMessages   00 -- -- -- -- -- -- -- -- -- --
fetchAnonymousAttachment 00 -- -- -- -- -- -- -- -- -- --
uploadAttachment        ++ ++ ++ -- ++ ++ -- -- -- -- --
listInboxMessages       ++ -- -- -- -- -- -- -- -- -- --
fetchInboxAttachment    00 -- -- -- -- -- -- -- -- -- --
postCaseMessage         -- +- +0 -0 +0 +0 -- -- -- -- --
forwardCase             -- -- -- -- -- -- -- ++ -- -- --
listUnitInbox           -- -- ++ ++ ++ ++ -- -- -- -- --
readUnitBoard           -- -- ++ ++ ++ ++ -- -- -- -- --
readDueDates            -- -- ++ ++ ++ ++ ++ -- ++ -- --
listThemes              -- -- ++ -- ++ ++ -- -- -- -- --
makeTheme               -- -- +- -- +- +- -- -- -- -- --
readTheme               -- -- +0 -- +0 +0 -- -- -- -- --
listThemeCases          -- -- +0 -- +0 +0 -- -- -- -- --
putInTheme              -- -- +0 -- +0 +0 -- -- -- -- --
takeOutOfTheme          -- -- +0 -- +0 +0 -- -- -- -- --
closeTheme              -- -- +0 -- +0 +0 -- -- -- -- --
listThemeMeasures       -- -- +0 -- +0 +0 -- -- -- -- --
recordThemeMeasure      -- -- +0 -- +0 +0 -- -- -- -- --
listCaseMeasures        -- -- +0 -- +0 +0 -- -- -- -- --
recordCaseMeasure       -- -- +0 -- +0 +0 -- -- -- -- --
followUpMeasure         -- -- +0 -- +0 +0 -- -- -- -- --
evaluateMeasure         -- -- +0 -- +0 +0 -- -- -- -- --
readUnitCase            -- -- +0 -0 +0 +0 -- -- -- -- --
fetchUnitAttachment     -- -- +0 -0 +0 +0 -- -- -- -- --
postUnitMessage         -- -- +0 -0 +0 +0 -- -- -- -- --
readHandling            -- -- +0 +0 +0 +0 -- -- -- -- --
assignCase              -- -- +0 +0 +0 +0 -- -- -- -- --
verifyRelation          -- -- +0 -0 +0 +0 -- -- -- -- --
correctUnit             -- -- -0 -0 -0 -0 -- -- -- -- --
classifyCase            -- -- +0 -0 +0 +0 -- -- -- -- --
reopenCase              -- -- +0 -0 +0 +0 -- -- -- -- --
readKeeping             -- -- +0 +0 +0 +0 -- ++ -- -- --
fetchPackage            -- -- +0 -0 +0 +0 -- -- -- -- --
recordDiaryNumber       -- -- +0 -0 +0 +0 -- -- -- -- --
holdCase                -- -- +0 -0 +0 +0 -- ++ -- -- --
listStandardTexts       ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
listProblemCategories   ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
listFieldsOfOperation   ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
fetchPickups            -- ++ -- -- -- -- -- -- -- -- --
postReceipt             -- 00 -- -- -- -- -- -- -- -- --
listDeliveryGroups      -- -- -- -- -- -- -- ++ -- -- --
listReplays             -- -- -- -- -- -- -- ++ -- -- --
startReplay             -- -- -- -- -- -- -- ++ -- -- --
readReplay              -- -- -- -- -- -- -- 00 -- -- --
pauseReplay             -- -- -- -- -- -- -- 00 -- -- --
resumeReplay            -- -- -- -- -- -- -- 00 -- -- --
cancelReplay            -- -- -- -- -- -- -- 00 -- -- --
listDeliveries          -- -- -- -- -- -- -- ++ -- -- --
readDelivery            -- -- -- -- -- -- -- ++ -- -- --
replayDelivery          -- -- -- -- -- -- -- ++ -- -- --
hurryDelivery           -- -- -- -- -- -- -- ++ -- -- --
listDestinations        -- -- -- -- -- -- -- ++ -- -- --
pauseDestination        -- -- -- -- -- -- -- ++ -- -- --
resumeDestination       -- -- -- -- -- -- -- ++ -- -- --
listUnmatchedMessages   -- -- -- -- -- -- -- ++ -- -- --
matchMessage            -- -- -- -- -- -- -- 00 -- -- --
searchUnits             ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
readUnit                ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
readUnitCapability      ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
explainRoute            ++ ++ ++ ++ ++ ++ ++ ++ ++ ++ ++
listPublications        -- -- -- -- -- -- -- ++ ++ ++ ++
publishRoutes           -- -- -- -- -- -- -- -- ++ ++ --
readPublication         -- -- -- -- -- -- -- ++ ++ ++ ++
readPublicationFiles    -- -- -- -- -- -- -- ++ ++ ++ ++
readStatistics          -- -- +- -- +- -- +- -- ++ -- --
"""
_HEAD, *_ROWS = (line.split() for line in TABLE.strip().splitlines())
EXPECTED = {name: dict(zip(_HEAD, cells, strict=True)) for name, *cells in _ROWS}
SIGNS = {403: "-", 404: "0"}
# Where a role has nobody of its own and another, the same caller asks twice.
KEYS = {
    Role.E_SERVICE: ("e-service", "other-e-service"),
    Role.CASE_SYSTEM: ("system", "picking-system"),
    Role.OPERATOR: ("operator", "operator"),
    Role.NATIONAL: ("national", "national"),
    Role.INTEGRATOR: ("integrator", "integrator"),
    Role.AUDITOR: ("auditor", "auditor"),
}
CITIZEN = {
    "X-Citizen-Id-Oid": "1.2.752.129.2.1.3.1",
    "X-Citizen-Id": "191212121212",
    # Of no case, so nobody who may ask finds anything.
    "Vaxel-Case-Code": "22222-22222-22222-22222-22222",
}
NOTHING = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"
PLACES = {
    "hsaId": "SE2321000016-3C4D",
    "messageId": NOTHING,
    "name": "inbox",
    "number": 1,
    "publicationNumber": 1,
    "region": "stockholm",
    "replayId": NOTHING,
    "unmatchedMessageId": NOTHING,
}
QUERIES = {
    "explainRoute": "?hsaId=SE2321000016-1A2B",
    "readStatistics": "?level=UNIT&key=SE2321000016-3C4D&period=2026",
}


def test_no_route_lacks_its_row_and_no_row_its_route():
    """ISSUE: none missing, none too many; and every role has its column."""
    assert set(EXPECTED) == {one.operation_id for one in RESOURCES if not one.open_to_all}
    assert set(COLUMNS.values()) == set(Role)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.operation_id)
def test_a_route_lets_in_whom_it_is_for(ask, resource):
    """DOMAIN E1: 404 for what they may not know of, 403 for what they may."""
    if resource.open_to_all:
        return
    met = {
        column: "".join(ask(resource, key, role is Role.CASE_SYSTEM) for key in _keys(role))
        for column, role in COLUMNS.items()
    }
    assert met == EXPECTED[resource.operation_id]


@pytest.fixture
def ask(client, asked, arrive_at):
    """Ask for a resource about a case, and tell what sign the answer makes."""
    client.event_hooks = {}
    known = {}

    def ask(resource, key, of_a_system):
        if resource.method != "GET" or of_a_system not in known:
            known[of_a_system] = arrive_at(of_a_system)
        places = PLACES | known[of_a_system]
        for part, make in MADE.items():
            if f"{{{part}}}" in resource.path:
                places[part] = make(asked, places["caseNumber"])
        path = resource.path.format_map(places) + QUERIES.get(resource.operation_id, "")
        body, headers = _body(resource, places)
        answer = asked(key, resource.method, path, headers, json=body)
        assert answer.status_code not in {400, 401, 405, 500}, answer.text
        return SIGNS.get(answer.status_code, "+")

    return ask


@pytest.fixture
def arrive_at(asked, case, unit_case, claim, store):
    """Submit a new case to a system or to the inbox, and tell its number and its delivery."""
    ids = count()

    def arrive(of_a_system):
        new = (case if of_a_system else unit_case) | {"caseId": f"m-{next(ids)}"}
        number = asked("e-service", "POST", "/cases", json=new).json()["caseNumber"]
        [message] = [one.message for one in claim() if one.message.case_number == number]
        store.unit_inboxes.put(message)
        receiver = new["receiver"]
        return {"caseNumber": number, "deliveryId": message.message_id, "receiver": receiver}

    return arrive


def _body(resource, places):
    """Give the example of a body, about this case, and the headers that go with it."""
    key = f"k-{places['deliveryId']}"
    body = copy.deepcopy(resource.body.EXAMPLE) if resource.body else None
    if body is not None:
        _about(body.get("case", body), places, key)
    return body, CITIZEN | {"Idempotency-Key": key}


def _about(body, places, key):
    """Let a body speak of this case, under this key."""
    about = places | {"ownerHsaId": PLACES["hsaId"], "caseId": key, "messageId": key}
    body |= {name: value for name, value in about.items() if name in body}
    body.pop("version", None)


def _theme(asked, _):
    body = {"title": "Väntrummet", "level": "UNIT", "ownerHsaId": "SE2321000016-3C4D"}
    headers = {"Idempotency-Key": "theme"}
    return asked(STAFF, "POST", "/themes", headers, json=body).json()["id"]


def _measure(asked, number):
    path = f"/themes/{_theme(asked, number)}/measures"
    headers = {"Idempotency-Key": f"measure-{number}"}
    return asked(STAFF, "POST", path, headers, json=MeasureBody.EXAMPLE).json()["id"]


def _keys(role):
    return KEYS.get(role) or (f"{role.value} of own", f"{role.value} of other")


STAFF = "case-receiver of own"
MADE = {"themeId": _theme, "measureId": _measure}
