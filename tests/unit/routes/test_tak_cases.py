"""The tests of TAK and takcache as cases: those that apply, and why the others do not."""

from datetime import date

import httpx
import pytest

from gateway.routes.draft import Draft
from gateway.routes.tak.calling import heard
from gateway.routes.tak.merge import imported
from gateway.routes.tak.reading import read_tak_file
from gateway.routes.tak.table import TakOrder
from tests.tak_examples import (
    BYT,
    OTHER_CONTRACT,
    SENDER,
    VC,
    order,
    ordered,
    packed,
    permission,
    permissions_answer,
    route,
    routes_answer,
    snapshot,
    written,
)
from tests.unit.routes.conftest import adapter_faults, draft

UNITS = "nordmark/units.csv"
TODAY = date(2026, 11, 22)
NEW = "SE2321009101-NEW"


def allowed(receiver=VC, sender=SENDER):
    """Make one anropsbehörighet of an order."""
    contract = ordered()["tjanstekontrakt"]
    return {"logiskAdress": receiver, "tjanstekontrakt": contract, "tjanstekonsument": sender}


def part(**lists):
    """Make what an order adds or ends."""
    return {"vagval": [], **lists}


# BestallningServiceTests (INTEROP §3.11): an order, and the faults that it has.
ORDERS = [
    ("testEmptyStringThrowsIllegalArgumentException", "", ["order.json: unreadable"]),
    ("testEmptyJsonThrowsIllegalArgumentException", {}, ["order.json: unreadable"]),
    ("testBuildBestallningsData", order([ordered()]), []),
    ("testBuildBestallningsDataCheckPlatform", order([ordered()]), []),
    (
        "testBuildBestallningsDataWrongPlatform",
        order([ordered()], plattform="ELSEWHERE"),
        ["order: wrong-platform"],
    ),
    ("testBuildBestallningsDataExkludera", order(ended=[ordered(BYT)]), []),
    (
        "testBuildBestallningsDataWithErrors missing-url",
        order([{key: value for key, value in ordered().items() if key != "adress"}]),
        ["inkludera.vagval:1: missing-key"],
    ),
    (
        "testBuildBestallningsDataWithErrors empty-fields",
        order(
            inkludera=part(
                tjanstekontrakt=[{"namnrymd": ""}],
                logiskadresser=[{"hsaId": ""}],
                tjanstekomponenter=[{"hsaId": ""}],
            )
        ),
        [
            "inkludera.logiskadresser:1: missing-key",
            "inkludera.tjanstekomponenter:1: missing-key",
            "inkludera.tjanstekontrakt:1: missing-key",
        ],
    ),
    (
        "testBuildBestallningsDataWithErrors duplicates",
        order(
            inkludera=part(
                logiskadresser=[{"hsaId": VC}, {"hsaId": VC}],
                tjanstekomponenter=[{"hsaId": SENDER}, {"hsaId": SENDER.lower()}],
                anropsbehorigheter=[allowed(), allowed()],
                vagval=[ordered(), ordered()],
            )
        ),
        [
            "inkludera.anropsbehorigheter:2: same-item",
            "inkludera.logiskadresser:2: same-item",
            "inkludera.tjanstekomponenter:2: same-item",
            "inkludera.vagval:2: same-item",
        ],
    ),
    (
        # Seven in TAK: here the contract is known, and an unknown address is told once.
        "testBuildBestallningsDataWithErrors missing-relations",
        order(
            inkludera=part(
                anropsbehorigheter=[allowed(NEW, "SE5565594230-NYKONS")],
                vagval=[ordered(NEW, rivtaprofil="RIVTABP99", tjanstekomponent="NY")],
            )
        ),
        [
            "inkludera.anropsbehorigheter:1: missing-relation",
            "inkludera.anropsbehorigheter:1: unknown-unit",
            "inkludera.vagval:1: missing-relation",
            "inkludera.vagval:1: missing-relation",
        ],
    ),
    (
        "testBuildBestallningsDataWithEmptyAddress",
        order([ordered(adress="")]),
        ["inkludera.vagval:1: missing-key"],
    ),
    (
        "testBuildBestallningsDataExkluderaNoErrorIfMissing",
        order(ended=[ordered(NEW, adress="http://unknown"), ordered(VC)]),
        [],
    ),
    (
        "testBuildBestallningsDataExkluderaDeletePlainObjekts",
        order([ordered()], exkludera=part(logiskadresser=[{"hsaId": VC}])),
        [],
    ),
]


@pytest.mark.parametrize(("name", "document", "faults"), ORDERS, ids=[case[0] for case in ORDERS])
def test_an_order_is_judged_as_a_tak_judges_it(files, name, document, faults):
    """INTEROP §3.5, §3.11: every fault at once, with its row and its rule."""
    result = bring(files, document)
    found = [] if isinstance(result, Draft) else [str(one) for one in result]
    assert [": ".join(one.split(": ")[:2]) for one in found] == faults


# What an order does to a unit's rows: destination and days.
EXECUTED = [
    (
        "testExecuteBestallningsData",
        VC,
        order([ordered()]),
        ["inkorg,,2027-01-31", "system,2027-02-01,"],
    ),
    (
        "testExecuteBestallningsDataExkludera",
        BYT,
        order(ended=[ordered(BYT)]),
        ["inkorg,,2026-12-31", "system,2027-01-01,2027-01-31"],
    ),
    (
        "VagvalBestallning with the same address extends",
        BYT,
        order([ordered(BYT)]),
        ["inkorg,,2026-12-31", "system,2027-01-01,"],
    ),
    (
        "exkludera before the route begins takes it away",
        BYT,
        order(ended=[ordered(BYT, adress="")], begins="2026-12-01"),
        ["inkorg,,2026-12-31"],
    ),
    (
        "testParseMetadata: a time with a zone is the day that it is in Sweden",
        VC,
        order([ordered(VC.lower())], begins="2027-02-28T23:00:00+0000"),
        ["inkorg,,2027-02-28", "system,2027-03-01,"],
    ),
]


@pytest.mark.parametrize(
    ("name", "unit", "document", "rows"), EXECUTED, ids=[case[0] for case in EXECUTED]
)
def test_an_order_does_to_the_rows_what_it_says(files, name, unit, document, rows):
    """INTEROP §3.5: closed the day before, extended, or taken away; HSA-ids without case."""
    before = dict(draft(files).files)
    result = bring(files, document)
    assert isinstance(result, Draft), result
    said = result.files[UNITS].decode().splitlines()
    assert [",".join(one.split(",")[5:]) for one in said if one.startswith(unit + ",")] == rows
    # testDoNotSaveChangedAfterBuildBestallningsData and its five like.
    assert draft(files).files == before


def test_more_than_one_row_in_the_way_of_an_order_is_refused(files):
    """INTEROP §3.5: which one would be meant is not for a machine to say."""
    [found] = bring(files, order([ordered(BYT)], begins="2026-12-01"))
    assert str(found).startswith("inkludera.vagval:1: overlap: SE2321009101-BYT has 2 rows")


def test_an_order_must_be_asked_for_by_its_platform():
    """INTEROP §3.5: production's orders are not tried out in test by mistake."""
    tak = read_tak_file("order.json", written(order([ordered()])), None, {SENDER.lower()})
    assert "say so with --platform" in str(tak.findings[0])


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"inkludera": []}, "inkludera: wrong-type: must be an object of lists"),
        ({"exkludera": {"vagval": {}, "logiskadresser": 1}}, "exkludera.logiskadresser: wrong"),
        ({"genomforandeTidpunkt": None}, "order: missing-key: genomforandeTidpunkt"),
    ],
)
def test_an_order_of_another_shape_is_refused(files, parts, told):
    """DOMAIN B10: nothing in it is passed over in silence."""
    assert str(bring(files, order([ordered()], **parts))[0]).startswith(told)


def test_an_order_of_other_contracts_alone_is_nothing(files):
    """INTEROP §4: nothing after filtering is a failure."""
    [found] = bring(files, order([ordered(tjanstekontrakt=OTHER_CONTRACT)]))
    assert str(found).startswith("order: empty")


def test_a_published_version_has_all_its_rows():
    """INTEROP §3.11 SokVagvalsInfoV2ImplTest: so many routes, so many permissions, packed."""
    units = [f"SE2321009101-{number}" for number in range(9)]
    tak = read_tak_file("export.gzip", packed(snapshot(units, units[:8])), None, ())
    assert not isinstance(tak, TakOrder)
    assert (len(tak.routes), len(tak.permissions)) == (9, 8)


ROUTES, PERMISSIONS = "hamtaAllaVirtualiseringar", "hamtaAllaAnropsBehorigheter"
GOOD = {ROUTES: routes_answer([route()]), PERMISSIONS: permissions_answer([permission()])}
OTHERS = routes_answer([route(tjansteKontrakt=OTHER_CONTRACT)])
# TakCacheTest (INTEROP §4): what a TAK answers, and the rules that it breaks.
REFRESHES = [
    ("simpleSuccessfulRefreshTest", {}, []),
    ("routingInfoValuesShouldExistTest", {}, []),
    ("filterShouldRemoveNotMatchingNamespaceInVagvalTest", {ROUTES: OTHERS}, ["empty"]),
    (
        "noVagvalFromTakShouldGiveEmptyLisOfRoutingInfosTest",
        {ROUTES: routes_answer([])},
        ["empty"],
    ),
    (
        "noBehorighetFromTakShouldGiveBehorighetFalseTest",
        {PERMISSIONS: permissions_answer([])},
        ["empty"],
    ),
    (
        "emptyBehorigheterFromTjanstekatalogenAlwaysResultsInLocalCacheIsRead",
        {PERMISSIONS: permissions_answer([])},
        ["empty"],
    ),
    (
        "emptyAnswerFromTjanstekatalogenAlwaysResultsInLocalCacheIsRead",
        {ROUTES: routes_answer([]), PERMISSIONS: permissions_answer([])},
        ["empty", "empty"],
    ),
    (
        "noDataAfterFilterShouldResultsInLocalCacheIsRead",
        {
            ROUTES: OTHERS,
            PERMISSIONS: permissions_answer([permission(tjansteKontrakt=OTHER_CONTRACT)]),
        },
        ["empty", "empty"],
    ),
    (
        "noContactWithTjanstekatalogenAlwaysResultsInLocalCacheIsRead",
        {ROUTES: httpx.ConnectError("refused"), PERMISSIONS: httpx.ConnectError("refused")},
        ["no-answer", "no-answer"],
    ),
    (
        "ifExistingCacheExistItShouldBeUsedIfRefreshFails",
        {ROUTES: httpx.ReadTimeout("slow")},
        ["no-answer"],
    ),
]


@pytest.mark.parametrize(("name", "answers", "rules"), REFRESHES, ids=[c[0] for c in REFRESHES])
def test_a_tak_that_fails_changes_nothing(files, name, answers, rules):
    """INTEROP §4: exception, empty, or empty after filtering is a failure; what is live stays."""

    def ask(operation):
        said = {**GOOD, **answers}[operation]
        if isinstance(said, Exception):
            raise said
        return 200, said

    result = imported(draft(files), "nordmark", heard(ask), adapter_faults, TODAY)
    assert [one.rule.value for one in (result if isinstance(result, list) else [])] == rules


NOT_HERE = {
    "testBestallningsDataHashes": "an order is not kept between two pages of a website",
    "testBestallningsRapport": "the report is the difference; see tests/integration",
    "testBestallningsRapportForUpdatedVagval": "as testBestallningsRapport",
    "TakCacheTest.simpleBehorighetTest": "who may call is asked of the published table",
    "TakCacheTest.filterShouldRemoveNotMatchingBehorighetTest": "as simpleBehorighetTest",
    "TakCacheTest.simpleRoutingInfoTest": "a unit has one route; two at once are refused",
    "TakCacheTest.simpleRoutingAddressTest": "the profile is the destination's own, not looked up",
    "TakCacheTest.filterShouldNotEffectRemainingVagvalTest": "the filter is always our contract",
    "TakCacheTest.contactWithTjanstekatalogenAlwaysResultsInLocalCacheIsUpdated": (
        "a node keeps the publications that it routes by, not answers of a TAK"
    ),
    "TakCacheTest.LocalCacheIsUpdated": "as contactWithTjanstekatalogen…",
    "TakCachePersistentHandlerTest": "as contactWithTjanstekatalogen…",
    "VagvalCacheTest, BehorighetCacheTest": "both lists are always read",
    "VagvalHandlerTest": "VP does not use it, and the route table answers instead",
    "GetSupportedServiceContractsV2Test, GetLogicalAddresseesByServiceContractV2Test": (
        "what is served to others is shown where it is served"
    ),
    "CrudControllerTests, QueryGeneratorImplTest": "there are no tables of a TAK to edit here",
    "PubVersionServiceTests, LockServiceTests": "publications have their own tests",
}


def test_what_does_not_apply_has_a_reason_and_is_not_shown_all_the_same():
    """INTEROP §3.11, §4."""
    cases = [case[0] for case in ORDERS], [case[0] for case in EXECUTED], [c[0] for c in REFRESHES]
    shown = {name.split()[0] for names in cases for name in names}
    assert all(reason and name.split(".")[-1] not in shown for name, reason in NOT_HERE.items())


def bring(files, document):
    """Import an order to the platform TEST."""
    data = written(document) if document != "" else b""
    tak = read_tak_file("order.json", data, "TEST", {SENDER.lower(), "se2321009101-sys"})
    return imported(draft(files), "nordmark", tak, adapter_faults, TODAY)
