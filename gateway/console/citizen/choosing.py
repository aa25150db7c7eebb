"""Choose who shall have the case: a care unit, or a patients' committee (DOMAIN A2, A13, A14)."""

from urllib.parse import urlencode

from starlette.responses import Response

from gateway.console.citizen.visit import CHOOSE, NEW, CitizenVisit
from gateway.domain.errors import Refusal
from gateway.flow.chooser import Choice, Offer

PAGE = 20


def show(visit: CitizenVisit) -> Response:
    """Show what was searched for, and the committees; open to all, since nothing is personal."""
    text, after = visit.searched("text"), visit.request.query_params.get("after") or None
    offer = _found(visit, text, after) if text else Offer((), visit.desk.chooser.committees())
    units = offer.units[:PAGE]
    more = urlencode({"text": text, "after": units[-1].hsa_id.text}) if units else ""
    return visit.page(
        "citizen/choose.html",
        text=text,
        units=units,
        committees=offer.committees,
        committee_of={one.region: one for one in offer.committees},
        to=_to,
        next_page=f"{CHOOSE}?{more}" if len(offer.units) > PAGE else None,
        first=after is None,
        choose=CHOOSE,
    )


def _found(visit: CitizenVisit, text: str, after: str | None) -> Offer:
    search = visit.desk.chooser.search
    try:
        return search(text, None, after, PAGE)
    except Refusal:  # a place in the list that is not there any more
        return search(text, None, None, PAGE)


def _to(receiver: Choice, about: Choice | None = None) -> str:
    """Give the address of the form to a receiver, a committee's perhaps about a unit."""
    more = {"about": about.hsa_id.text} if about else {}
    return f"{NEW}?{urlencode({'unit': receiver.hsa_id.text} | more)}"
