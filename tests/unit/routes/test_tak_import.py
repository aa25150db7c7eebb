"""A region's units go where a TAK says, and nothing else is touched."""

from datetime import date

import pytest

from gateway.routes.draft import Draft
from gateway.routes.tak.calling import heard
from gateway.routes.tak.merge import imported
from tests.tak_examples import (
    BYT,
    KLIN,
    SJH,
    URL,
    VC,
    permission,
    permissions_answer,
    route,
    routes_answer,
)
from tests.unit.routes.conftest import adapter_faults, draft

UNITS = "nordmark/units.csv"
TODAY = date(2026, 11, 22)


@pytest.fixture
def lines(files):
    """Import routes into the small region; give what its units.csv says of one unit then."""

    def tell(unit, *routes):
        result = bring(files, *routes)
        assert isinstance(result, Draft), result
        said = result.files[UNITS].decode().splitlines()
        return [",".join(line.split(",")[5:]) for line in said if line.startswith(f"{unit},")]

    return tell


def bring(files, *routes, region="nordmark"):
    """Import routes; give the draft, or the findings as texts."""
    told = {
        "hamtaAllaVirtualiseringar": routes_answer(routes),
        "hamtaAllaAnropsBehorigheter": permissions_answer([permission()]),
    }
    tak = heard(lambda operation: (200, told[operation]))
    result = imported(draft(files), region, tak, adapter_faults, TODAY)
    return result if isinstance(result, Draft) else [str(finding) for finding in result]


def test_a_changed_destination_gets_a_row_and_the_one_before_ends_the_day_before(lines):
    """DOMAIN B4, B12: days in Sweden, and no gap between them."""
    assert lines(VC, route(VC)) == ["inkorg,,2026-09-30", "system,2026-10-01,"]


def test_a_route_that_ends_gives_back_the_row_that_was_there(lines):
    """DOMAIN B8: what the TAK does not say is as the region says."""
    told = route(VC, ends="2026-12-31T00:00:00")
    rows = ["inkorg,,2026-09-30", "system,2026-10-01,2026-12-31", "inkorg,2027-01-01,"]
    assert lines(VC, told) == rows


def test_a_row_to_a_system_ends_when_the_tak_says_so(lines):
    """DOMAIN B8: what is integrated is what the catalogue lists."""
    told = route(BYT, begins="2027-01-01T00:00:00", ends="2027-06-30T00:00:00")
    assert lines(BYT, told) == ["inkorg,,2026-12-31", "system,2027-01-01,2027-06-30"]


def test_a_row_that_begins_earlier_in_the_tak_begins_earlier(lines):
    """DOMAIN B12: one row is moved, and none is added."""
    assert lines(BYT, route(BYT)) == ["inkorg,,2026-09-30", "system,2026-10-01,"]


def test_a_unit_that_the_tak_does_not_list_is_left_as_it_is(files):
    """DOMAIN B8: inbox units are not in the catalogue; untouched lines stay byte for byte."""
    before, after = (draft(files).files[UNITS], bring(files, route(VC)).files[UNITS])
    kept = [line for line in before.splitlines(keepends=True) if VC.encode() + b"," not in line]
    assert [
        line for line in after.splitlines(keepends=True) if VC.encode() + b"," not in line
    ] == kept


def test_what_is_said_already_changes_nothing(files):
    """DOMAIN B12: reading the same again is no change."""
    once = bring(files, route(VC), route(BYT), route(KLIN))
    texts = {path: data.decode() for path, data in once.files.items()}
    assert bring(texts, route(VC), route(BYT), route(KLIN)).version == once.version


@pytest.mark.parametrize("unit", [SJH, KLIN])
def test_a_row_that_leads_to_the_same_by_rule_or_parent_is_left(files, unit):
    """DOMAIN B5, B9: a TAK does not tell kinds apart, and the region's rules do."""
    assert bring(files, route(unit)).files == draft(files).files


def test_a_row_that_leads_elsewhere_by_its_parent_gets_its_own_destination(lines, files):
    """DOMAIN B9: what the TAK says is what happens, also when the parent is changed with it."""
    files["nordmark/units.csv"] = files["nordmark/units.csv"].replace("@rules", "inkorg")
    files["nordmark/region.toml"] = files["nordmark/region.toml"].split("[[rules]]")[0]
    assert lines(KLIN, route(KLIN)) == ["@parent,,2026-09-30", "system,2026-10-01,"]


def test_receivers_are_found_without_regard_to_case(lines):
    """INTEROP §4 VirtualiseringsInfoMapTest, BehorighetHandlerTest; §6.1."""
    assert lines(VC, route(VC.lower()))[-1] == "system,2026-10-01,"


@pytest.mark.parametrize("receiver", ["*", "SE2321009202-VC", "SE2321009101-PATN"])
def test_who_is_no_unit_of_the_region_is_passed_over(lines, receiver):
    """DOMAIN B6, B7: everybody, another region's unit, and a committee are not its to change."""
    assert lines(VC, route(receiver, adress="http://elsewhere"), route(VC))[0] == (
        "inkorg,,2026-09-30"
    )


@pytest.mark.parametrize(
    ("routes", "finding", "words"),
    [
        ([route("SE2321009101-VD")], "virtualiseringsInfo:1: unknown-unit", f"mean {VC}?"),
        ([route("TSTNMT-9")], "virtualiseringsInfo:1: unknown-unit", "add it to units.csv"),
        (
            [route(), route(BYT, adress="http://new"), route(KLIN, adress="http://new")],
            "virtualiseringsInfo:2: unknown-address",
            "'http://new' (2 in all)",
        ),
        ([route("SE2321009202-VC")], "nordmark: empty", "is it the right TAK"),
    ],
)
def test_what_the_region_does_not_know_is_told_with_what_to_do(files, routes, finding, words):
    """DOMAIN B10: each told, and nothing taken."""
    [found] = bring(files, *routes)
    assert found.startswith(finding)
    assert words in found


def test_two_addresses_at_once_are_refused(files):
    """INTEROP §3.2: no two vägval overlap; VagvalServiceTests."""
    files["nordmark/region.toml"] += '[tak]\naddresses = { "http://other" = "inkorg" }\n'
    [found] = bring(files, route(VC), route(VC, begins="2027-01-01", adress="http://other"))
    assert found.startswith("virtualiseringsInfo:2: overlap")


def test_every_fault_is_told_at_once(files):
    """DOMAIN B10: with row and rule, those of reading and those of the region together."""
    wrong = route(adress=""), route(fromTidpunkt="soon"), route("SE2321009101-NYY")
    assert [found.split(": ")[:2] for found in bring(files, *wrong)] == [
        ["virtualiseringsInfo:1", "missing-key"],
        ["virtualiseringsInfo:2", "bad-date"],
        ["virtualiseringsInfo:3", "unknown-unit"],
    ]


def test_an_address_can_be_given_a_meaning(lines, files):
    """DOMAIN B12: the TAK may know a system by another address than Växel does."""
    files["nordmark/region.toml"] += '[tak.addresses]\n"https://vp.example/9" = "system"\n'
    assert lines(VC, route(adress="https://vp.example/9"))[-1] == "system,2026-10-01,"


def test_an_address_of_two_destinations_means_neither_until_it_is_said(lines, files):
    """DOMAIN B10: no guess is made about where cases go."""
    twin = files["nordmark/region.toml"].split("[destinations.system]")[1].split("[[rules]]")[0]
    files["nordmark/region.toml"] += f"[destinations.twin]{twin.replace('.system', '.twin')}"
    assert "unknown-address" in bring(files, route())[0]
    files["nordmark/region.toml"] += f'[tak.addresses]\n"{URL}" = "twin"\n'
    assert lines(VC, route())[-1] == "twin,2026-10-01,"


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ('addresses = { "http://a" = "sistem" }', "unknown-destination"),
        ('addresses = { "http://a" = 1 }', "wrong-type"),
        ('adresses = { "http://a" = "system" }', "unknown-key"),
    ],
)
def test_a_wrong_meaning_of_an_address_is_found_by_check(files, written, rule):
    """DOMAIN B10: as every other fault of region.toml."""
    files["nordmark/region.toml"] += f"[tak]\n{written}\n"
    assert any(f": {rule}: " in found for found in bring(files, route()))


def test_a_region_that_is_not_there_is_told(files):
    """An error says what to do."""
    [found] = bring(files, route(), region="nordmarken")
    assert found == ".: unknown-region: there is no region 'nordmarken'; did you mean 'nordmark'?"


def test_a_draft_that_is_broken_takes_nothing(files):
    """DOMAIN B10: its own faults come first."""
    files["nordmark/units.csv"] += "x\n"
    assert "unreadable" in bring(files, route())[0]


def test_a_gap_in_the_tak_is_refused(files):
    """DOMAIN B4: nobody's cases are lost on the days between."""
    told = route(BYT, ends="2026-12-24"), route(BYT, begins="2027-02-01")
    texts = bring(files, route(BYT, begins="2020-01-01"))
    files = {path: data.decode() for path, data in texts.files.items()}
    assert any(": gap: " in found for found in bring(files, *told))


def test_what_is_over_is_not_written_down_and_its_address_may_be_forgotten(lines):
    """DOMAIN B8: but a unit that was integrated, and is not listed any more, is no longer."""
    old = route(VC, begins="2019-01-01", ends="2020-12-31", adress="http://gone")
    assert lines(VC, old, route(KLIN)) == ["inkorg,,"]
    ended = route(BYT, begins="2019-01-01", ends="2026-06-30")
    assert lines(BYT, ended, route(KLIN)) == ["inkorg,,2026-12-31"]


def test_a_route_ends_when_another_begins_on_its_last_day(lines, files):
    """INTEROP §3.2: in a TAK a last day ends as it begins, for those who read it to the hour."""
    files["nordmark/region.toml"] += '[tak.addresses]\n"http://other" = "inkorg"\n'
    first = route(BYT, begins="2027-01-01", ends="2027-06-30")
    then = route(BYT, begins="2027-06-30", adress="http://other")
    rows = ["inkorg,,2026-12-31", "system,2027-01-01,2027-06-29", "inkorg,2027-06-30,"]
    assert lines(BYT, then, first) == rows


def test_a_url_that_is_a_secret_is_no_address(files):
    """DOMAIN B10: a file with an odd url can be read all the same."""
    files["nordmark/region.toml"] = files["nordmark/region.toml"].replace(
        f'"{URL}"', '{ secret = "where" }'
    )
    assert "unknown-address" in bring(files, route())[0]
