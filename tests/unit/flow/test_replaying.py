"""What operators do with parked work: see it in groups, and replay many by filter."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from gateway.domain.blame import Blame
from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable, Row, Unit
from gateway.domain.tree import Place, Tree
from gateway.flow.caller import Role
from gateway.flow.parked import ReplayState, ReplayStep, Selection
from gateway.flow.ports import Attempted
from gateway.flow.replaying import Replaying
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    UNIT,
    make_case,
    make_case_message,
    make_supplement,
)

NOBODYS = UUID(int=0)
LEASE = timedelta(minutes=1)
AWAY = Attempted(DeliveryState.PARKED, "expired", "HTTP 503: away")
UNCLEAR = Attempted(DeliveryState.PARKED, "unclear", "sent, and no answer came")
HERE = Selection(destination=DESTINATION)
NEW_SYSTEM = HsaId("SE2321000016-NEW")
NEW = Destination("norr/new", "norr", "new", "rest", {}, Policy(), NEW_SYSTEM, "Det nya systemet")


class Office:
    """An operator's verbs in a town whose routes can change."""

    def __init__(self, town):
        self.town, self.operator = town, town.operator
        self.may_repeat = True
        self.today = town.table()
        operating = replace(town.operating, table=lambda: self.today)
        self.health = operating.health
        self.verbs = Replaying(
            lambda: self.today,
            town.store.parked,
            operating.check_filter,
            self.health.held,
            lambda _: self.may_repeat,
            town.clock,
        )

    def route_to_new(self):
        """Let the unit's cases go to the new system from today on; the old one stays."""
        row = Row(Unit(UNIT, "Björken", "Norrby", "norr"), NEW, ALWAYS, "units.csv", 9)
        both = {**self.today.destinations, NEW.key: NEW}
        self.today = RouteTable("v2", self.today.regions, both, {UNIT.key: (row,)})

    def park(self, attempted=AWAY):
        """Submit a case that cannot be delivered; tells its number."""
        number = self.town.submit(make_case()).receipt.case_number
        (claimed,) = self.town.claim()
        self.town.store.deliveries.record(claimed, attempted, self.town.now)
        return number

    def replay(self, chosen=HERE, route="original"):
        """Replay to the end."""
        replay = self.verbs.start(chosen, route, self.operator)
        while self.verbs.step():
            pass
        return self.verbs.find(replay.id, self.operator)

    def case(self, number):
        """Tell where a case stands."""
        return self.town.store.cases.find(number)


@pytest.fixture
def office(town):
    """Give an office of one's own."""
    return Office(town)


def supplement(town):
    """Deliver a case, let the citizen add to it, and give its number."""
    number = town.submit(make_case()).receipt.case_number
    (claimed,) = town.claim()
    town.store.deliveries.record(
        claimed, Attempted(DeliveryState.DELIVERED, "delivered"), town.now
    )
    town.intake.supplement(number, "s-1", make_supplement(), town.e_service)
    return number


def test_parked_work_is_seen_in_groups(office):
    """DOMAIN C4, G1."""
    for attempted in (AWAY, AWAY, UNCLEAR):
        office.park(attempted)
    groups = office.verbs.groups(office.operator, None, Blame.THEIRS, 9)
    assert [(group.count, group.reason) for group in groups] == [
        (2, AWAY.reason),
        (1, UNCLEAR.reason),
    ]


def test_a_preview_tells_how_many_and_changes_nothing(office):
    """DOMAIN C4."""
    office.park()
    preview = office.verbs.preview(HERE, "original", office.operator)
    assert (preview.count, preview.destinations, preview.warnings) == (1, 1, ())
    assert not office.verbs.step()


@pytest.mark.parametrize(("may_repeat", "warned"), [(True, False), (False, True)])
def test_a_preview_warns_where_a_repeat_may_double(office, may_repeat, warned):
    """DOMAIN C6: no answer came, and the system would take it for something new."""
    office.may_repeat = may_repeat
    office.park(UNCLEAR)
    warnings = office.verbs.preview(HERE, "original", office.operator).warnings
    assert any("does not recognise repeats" in words for words in warnings) is warned


def test_a_preview_warns_where_two_systems_may_have_it(office):
    """DOMAIN C6: the other one cannot know what the first one took."""
    office.park(UNCLEAR)
    office.route_to_new()
    (words,) = office.verbs.preview(HERE, NEW.key, office.operator).warnings
    assert words.startswith(f"1 of 1 may have arrived at {DESTINATION} already, and elsewhere")


def test_a_preview_tells_of_a_destination_that_is_gone(office, town):
    """DOMAIN B10: what waits for it would wait on."""
    office.park()
    office.today = RouteTable("v2", {}, {}, {})
    (words,) = office.verbs.preview(HERE, "original", office.operator).warnings
    assert words == f"what goes to {DESTINATION} waits: it is not in the route table any more"


def test_a_preview_tells_where_nothing_goes_until_somebody_acts(office):
    """DOMAIN C2, C4: a replay to there only moves what stands still."""
    office.park()
    office.route_to_new()
    verbs, operator = office.verbs, office.operator
    office.health.pause(DESTINATION, "nytt certifikat", operator)
    [words] = verbs.preview(HERE, "original", operator).warnings
    assert words.startswith(f"what goes to {DESTINATION} waits: it is paused by ")
    assert words.endswith(": nytt certifikat")
    assert verbs.preview(HERE, NEW.key, operator).warnings == ()
    assert verbs.preview(HERE, "today", operator).warnings == ()


def test_a_preview_tells_until_when_nothing_goes(office, town):
    """DOMAIN C2, C4: of where it goes, not of where it is parked."""
    office.park()
    office.route_to_new()
    shut = replace(NEW, policy=Policy(opening_hours="Mon-Sun 00:00-00:01"))
    known = {**office.today.destinations, NEW.key: shut}
    office.today = replace(office.today, destinations=known)
    [words] = office.verbs.preview(HERE, NEW.key, office.operator).warnings
    told = f"what goes to {NEW.key} waits: it is open Mon-Sun 00:00-00:01, next from 20"
    assert words.startswith(told)
    assert office.verbs.preview(HERE, "original", office.operator).warnings == ()


def test_today_a_unit_without_a_row_is_held_by_whom_the_table_says(office):
    """DOMAIN B3, INTEROP §2.3: nobody works in the inbox of a unit that has no row."""
    above, inbox = HsaId("SE2321000016-H"), replace(NEW, adapter="inbox", system=None)
    number = office.park()
    office.route_to_new()
    row = Row(Unit(above, "Lasarettet", "Norrby", "norr"), inbox, ALWAYS, "units.csv", 9, True)
    tree = Tree({UNIT.key: Place("Björken", above)})
    office.today = replace(office.today, units={above.key: (row,)}, tree=tree)
    office.replay(route="today")
    assert (office.case(number).destination, office.case(number).holder) == (NEW.key, above)


def leave(office):
    """Let the unit's destination leave the table while a case waits for it; tells its number."""
    number = office.town.submit(make_case()).receipt.case_number
    office.route_to_new()
    office.today = replace(office.today, destinations={NEW.key: NEW})
    return number


@pytest.mark.parametrize("route", ["today", NEW.key])
def test_what_waits_for_a_destination_that_is_gone_is_moved_as_it_is(office, route):
    """DOMAIN C2, C4: nobody has to put the old destination back to have it parked first."""
    number = leave(office)
    assert office.verbs.preview(HERE, route, office.operator).count == 1
    assert office.replay(route=route).done == 1
    assert office.case(number).holder == NEW_SYSTEM
    [moved] = office.town.store.deliveries.claim(NEW.key, 9, office.town.now, LEASE)
    assert moved.message.case_number == number


def test_what_waits_for_a_destination_that_is_gone_is_not_sent_there_again(office, town):
    """DOMAIN C4: it waits there already."""
    leave(office)
    with town.refuses(Rule.NOTHING_PARKED):
        office.verbs.start(HERE, "original", office.operator)


def test_what_belongs_to_a_case_whose_handler_is_gone_has_no_way_of_its_own(office, town):
    """DOMAIN B4: where the case is to be handled is for an operator to say."""
    supplement(town)
    leave(office)
    ended = office.replay(route="today")
    assert (ended.done, ended.skipped) == (1, 1)


def test_replays_are_listed_for_operators(office, town):
    """DOMAIN C4, G1."""
    office.park()
    replay = office.verbs.start(HERE, "original", office.operator)
    assert office.verbs.listed(office.operator, None, 9) == [replay]
    with town.refuses(Rule.NOT_PERMITTED):
        office.verbs.listed(town.e_service, None, 9)


def test_a_filter_that_matches_nothing_says_so(office, town):
    """DOMAIN C4: nothing happens, loudly."""
    office.park()
    with town.refuses(Rule.NOTHING_PARKED, "nothing that is parked fits"):
        office.verbs.start(replace(HERE, fault="another"), "original", office.operator)


@pytest.mark.parametrize(
    ("mistyped", "words"),
    [
        (Selection(destination="norr/z"), "destination: no destination has that name; there are "),
        (Selection(region="nor"), "region: no region has that key; there are norr"),
    ],
)
def test_a_name_that_was_mistyped_is_told_with_those_there_are(office, town, mistyped, words):
    """DOMAIN C4: nothing parked there would say that all has arrived."""
    office.park()
    with town.refuses(Rule.SCHEMA, words):
        office.verbs.preview(mistyped, "original", office.operator)


def test_what_was_a_destination_once_may_be_chosen(office, town):
    """DOMAIN B10, C4: what came there may still be asked for by its name."""
    leave(office)
    with town.refuses(Rule.NOTHING_PARKED, f"{DESTINATION!r} is not in the route table"):
        office.verbs.preview(HERE, "original", office.operator)


def test_a_filter_that_says_nothing_is_refused(office, town):
    """DOMAIN C4: all that stands still anywhere is seldom what is meant."""
    office.park()
    with town.refuses(Rule.SCHEMA, "filter"):
        office.verbs.preview(Selection(), "original", office.operator)


def test_a_route_to_nowhere_is_refused(office, town):
    """DOMAIN C4: before anything is moved there."""
    office.park()
    with town.refuses(Rule.SCHEMA, "no destination 'norr/nowhere' is in the route table"):
        office.verbs.start(HERE, "norr/nowhere", office.operator)


def test_a_replay_sends_to_where_it_was(office, town):
    """DOMAIN C4: also when the routes have changed since."""
    office.park()
    office.route_to_new()
    ended = office.replay()
    assert (ended.state, ended.done, ended.total) == (ReplayState.DONE, 1, 1)
    assert len(town.claim()) == 1


def test_what_is_parked_while_it_is_counted_is_not_taken(office, town):
    """DOMAIN C4: what is chosen is what was told."""
    office.park()
    town.wait(seconds=1)
    count = town.store.parked.stock

    def slowly(*what):
        counted = count(*what)
        town.wait(seconds=1)
        office.park()
        return counted

    town.store.parked.stock = slowly
    ended = office.replay()
    assert (ended.total, ended.done, ended.skipped) == (1, 1, 0)


def test_todays_route_takes_the_case_and_its_holder_along(office, town):
    """DOMAIN B4, D2: the new system may answer, and the old one may not."""
    number = office.park()
    office.route_to_new()
    office.replay(route="today")
    assert (office.case(number).destination, office.case(number).holder) == (NEW.key, NEW_SYSTEM)
    reply = make_case_message(case_number=number)
    with town.refuses(Rule.NOT_THE_HOLDER):
        town.replies.post(reply, town.system)
    town.replies.post(reply, replace(town.system, hsa_id=NEW_SYSTEM))
    steps = [step for step, _ in town.timeline(number)]
    assert steps[-3:-1] == [Step.DELIVERY_REPLAYED, Step.DELIVERY_REDIRECTED]


def test_what_has_no_route_today_stays_parked(office, town):
    """DOMAIN B4: nothing is lost."""
    office.park()
    office.today = RouteTable("v2", office.today.regions, office.today.destinations, {})
    ended = office.replay(route="today")
    assert (ended.state, ended.done, ended.skipped) == (ReplayState.DONE, 0, 1)


def test_an_open_case_stays_where_it_is_handled(office, town):
    """DOMAIN B4: today's route is for those that nobody has yet."""
    number = supplement(town)
    (claimed,) = town.claim()
    town.store.deliveries.record(claimed, AWAY, town.now)
    office.route_to_new()
    office.replay(route="today")
    assert [claimed.destination for claimed in town.claim()] == [DESTINATION]
    assert office.case(number).holder == CASE_SYSTEM


def test_what_is_redirected_goes_to_the_named_destination(office):
    """DOMAIN C4: rerouted by hand."""
    number = office.park()
    office.route_to_new()
    office.replay(route=NEW.key)
    assert office.case(number).holder == NEW_SYSTEM


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [(HERE, Rule.NOTHING_PARKED), (replace(HERE, region="norr"), Rule.SCHEMA)],
)
def test_a_case_does_not_leave_its_region(office, chosen, rule):
    """DOMAIN B7: nobody in another region sees it, whatever an operator types."""
    office.park()
    elsewhere = replace(NEW, key="soder/new", region="soder")
    both = {**office.today.destinations, elsewhere.key: elsewhere}
    office.today = replace(office.today, destinations=both)
    with pytest.raises(Refusal) as refused:
        office.verbs.start(chosen, elsewhere.key, office.operator)
    assert refused.value.faults[0].rule is rule


def test_a_destination_that_has_gone_meanwhile_takes_nothing(office):
    """DOMAIN B10: the table changes while a replay runs."""
    office.park()
    before = office.today
    office.route_to_new()
    replay = office.verbs.start(HERE, NEW.key, office.operator)
    office.today = before
    assert office.verbs.step()
    assert office.verbs.find(replay.id, office.operator).skipped == 1


def test_a_replay_is_paused_resumed_and_cancelled(office, town):
    """DOMAIN C4: each where it is legal."""
    office.park()
    replay = office.verbs.start(HERE, "original", office.operator)
    move = office.verbs.move
    assert move(replay.id, ReplayStep.PAUSE, office.operator).state is ReplayState.PAUSED
    with town.refuses(Rule.STEP_NOT_LEGAL, "PAUSED and cannot take a PAUSE"):
        move(replay.id, ReplayStep.PAUSE, office.operator)
    assert move(replay.id, ReplayStep.RESUME, office.operator).state is ReplayState.RUNNING
    assert move(replay.id, ReplayStep.CANCEL, office.operator).state is ReplayState.CANCELLED
    assert not office.verbs.step()


def test_an_unknown_replay_is_told_by_its_id(office, town):
    """DOMAIN G1."""
    with town.refuses(Rule.CASE_UNKNOWN, f"no replay {NOBODYS} is known here"):
        office.verbs.move(NOBODYS, ReplayStep.PAUSE, office.operator)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_parked_work_is_for_operators_only(office, town, role):
    """DOMAIN B7, G1: deny by default."""
    caller, verbs = replace(town.operator, role=role), office.verbs
    for verb in (
        lambda: verbs.groups(caller, None, None, 9),
        lambda: verbs.preview(HERE, "original", caller),
        lambda: verbs.start(HERE, "original", caller),
        lambda: verbs.find(NOBODYS, caller),
        lambda: verbs.move(NOBODYS, ReplayStep.PAUSE, caller),
    ):
        with town.refuses(Rule.NOT_PERMITTED):
            verb()
