"""What somebody wrote is shown back to them when its form cannot be: nothing written is lost."""

from http import HTTPStatus

from starlette.responses import Response

from gateway.console.cookie_sessions import S
from gateway.console.forms import Form
from gateway.console.page_visit import PageVisit

# What people write themselves, as its fields are called in every form; the rest they choose.
LINES = (
    *("title", "person", "name", "phone", "email", "patient", "patient_name"),
    *("event", "received", "place", "responsible", "due", "diary", "handler", "handler_name"),
)
TEXTS = ("text", "desired", "reason")
_TOKEN = "form_token"  # noqa: S105 the name of a field
# What passes, so that the same form can be sent again as it stands.
_PASSES = frozenset(
    {"session-ended", "form-too-old", "too-large", "unavailable", "files-away", "internal"}
)


def is_written(form: Form) -> bool:
    """Tell whether there is anything in a form that somebody would have to write again."""
    return any(form.text(name) for name in (*LINES, *TEXTS))


def kept_text(visit: PageVisit[S], problem: str, words: str, status: int) -> Response:
    """
    Show what was written, with why it was not taken; `words` is the key of the problem's own.

    What passes can be sent again from here, with all that was chosen; else it can be copied.
    """
    form, passes = visit.form, problem in _PASSES
    shown = {*LINES, *TEXTS, _TOKEN}
    hidden = [(name, one) for name, all_ in form.fields.items() for one in all_]
    return visit.page(
        "kept_text.html",
        status,
        why=_own_words(visit, problem) or words,
        passes=passes,
        texts=[(name, form.text(name)) for name in TEXTS if form.text(name)],
        lines=[(name, form.text(name)) for name in LINES if form.text(name)],
        hidden=[(name, one) for name, one in hidden if name not in shown],
        had_files=form.had_files,
        beside=visit.way_in_beside if status == HTTPStatus.UNAUTHORIZED else None,
        way_in=_own_words(visit, "way_in"),
        code=status,
    )


def _own_words(visit: PageVisit[S], name: str) -> str | None:
    """Give the key of what is said here and on no other page: the site's, or that of all sites."""
    keys = (f"{visit.desk.site.words}_kept.{name}", f"kept.{name}")
    return next(filter(visit.words.has, keys), None)
