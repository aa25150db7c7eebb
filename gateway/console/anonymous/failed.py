"""A form of these pages that was sent and could not be done."""

from gateway.console.anonymous.visit import AnonymousVisit
from gateway.console.entrance import not_now
from gateway.console.tried import Tried, Wrong, tried
from gateway.domain.errors import Refusal, Unavailable


def failed(visit: AnonymousVisit, form: str, error: Refusal | Unavailable) -> Tried:
    """Tell what was wrong with it, or that it cannot be taken now."""
    if isinstance(error, Refusal):
        return tried(visit, form, error)
    visit.problem = not_now(error)
    return Tried(form, (Wrong(f"problem.{visit.problem}", None),), 503)
