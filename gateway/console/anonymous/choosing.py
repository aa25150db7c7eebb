"""The first page, and the choice among those who take cases of people whom nobody knows (A13)."""

from collections.abc import Sequence

from starlette.responses import Response

from gateway.console.anonymous.visit import CHOOSE, CODE, NEW, AnonymousVisit
from gateway.console.site import CITIZENS
from gateway.domain.case import Kind
from gateway.flow.chooser import Choice, Offer

_MOST_FOUND = 20


def start(visit: AnonymousVisit) -> Response:
    """Tell what it means not to say who one is, and what one can do here."""
    return visit.page("anonymous/start.html", choose=CHOOSE, read=CODE, citizens=CITIZENS.home)


def choose(visit: AnonymousVisit) -> Response:
    """Find a receiver; of each is told whether its region takes such cases."""
    text = visit.searched("text")
    chooser = visit.desk.chooser
    offer = (
        chooser.search(text, None, None, _MOST_FOUND) if text else Offer((), chooser.committees())
    )
    return visit.page(
        "anonymous/choose.html",
        text=text,
        units=_marked(visit, offer.units[:_MOST_FOUND]),
        more=len(offer.units) > _MOST_FOUND,
        committees=_marked(visit, offer.committees),
        choose=CHOOSE,
        new=NEW,
        citizens=CITIZENS.home,
    )


def taken_kinds(visit: AnonymousVisit, choice: Choice) -> list[Kind]:
    """Tell which kinds of case a receiver takes of people whom nobody knows."""
    ask = visit.desk.chooser.capability
    return [kind for kind in Kind if ask(choice.hsa_id, kind).anonymous]


def _marked(visit: AnonymousVisit, found: Sequence[Choice]) -> list[tuple[Choice, bool]]:
    return [(one, bool(taken_kinds(visit, one))) for one in found]
