"""Swedish first, English second, and no word that only one of them has."""

import re
import tomllib
from collections.abc import Iterable

import pytest
from jinja2 import Environment, nodes

from gateway.console import kept_text
from gateway.console.language import LANGUAGES, chosen, words
from gateway.console.rendering import TEMPLATES
from gateway.console.staff.follow_up import PARTS
from gateway.console.staff.steps import FORMS
from gateway.domain.case import AnswerWanted, Kind, ReceiverType, Relation
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind, MessageKind
from gateway.domain.registration import Channel
from gateway.domain.statistics import EARLIER, SEXES, Parameter
from gateway.domain.theme import MeasureLevel, MeasureStep, ThemeLevel
from gateway.flow.timeline import Step
from gateway.flow.unit_list import Assigned, Due, Shelf
from gateway.settings.sign_in import CONSOLE_ROLES

TEXTS = TEMPLATES.parent / "texts"
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Keys that are made of a value: every value has its words.
MADE: dict[str, Iterable[str]] = {
    "role.": [role.value for role in CONSOLE_ROLES],
    "kind.": Kind,
    "state.": CaseState,
    "answer.": AnswerWanted,
    "relation.": Relation,
    "message.": [*InboxKind, *MessageKind],
    "step.": Step,
    "filter.": [*Shelf, *Kind, *Assigned, *Due, "shelf", "kind", "assigned", "due"],
    "inbox.": ["overdue", "soon"],
    "board.": ["open", "unassigned", "uncontacted", "soon", "overdue"],
    "channel.": Channel,
    "citizen_answer.": AnswerWanted,
    "citizen_kind.": [f"{kind}{more}" for kind in Kind for more in ("", "_help")],
    "citizen_message.": InboxKind,
    "citizen_relation.": Relation,
    "citizen_state.": CaseState,
    "counted.": [*Kind, *ReceiverType, *Parameter, *SEXES[:2], "UNKNOWN", EARLIER],
    "follow_up.": ["kind", "receiver", "parameter"],
    "kept_field.": [*kept_text.LINES, *kept_text.TEXTS],
    "measure_level.": MeasureLevel,
    "measure_step.": MeasureStep,
    "measure_step.not_": MeasureStep,
    "new.who_": ["me", "other"],
    "part.": [part or "year" for part in PARTS],
    "sent.": Kind,
    "theme_level.": ThemeLevel,
}


def used(page):
    """Give the keys in a template, and the beginnings of those that are made."""
    for call in Environment(autoescape=True).parse(page.read_text()).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            match call.args[0]:
                case nodes.Const(value=key):
                    yield key
                case nodes.Concat(nodes=[nodes.Const(value=start), *_]):
                    yield start
                case _:
                    pass  # a form's or a problem's, which are looked at below


def test_both_languages_have_the_same_keys():
    """Nothing is said in one language only."""
    assert words("sv").texts.keys() == words("en").texts.keys()


def test_both_languages_put_the_same_values_in():
    """A translation forgets nothing."""
    sv, en = (words(language).texts for language in LANGUAGES)
    holes = re.compile(r"{(\w+)}")
    assert [key for key in sv if set(holes.findall(sv[key])) != set(holes.findall(en[key]))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_uses_only_words_that_there_are(page):
    """No key is missing, and every made key has all its values."""
    known = words("sv").texts
    assert [key for key in used(page) if key not in known and key not in MADE] == []


@pytest.mark.parametrize("start", MADE)
def test_every_value_has_its_words(start):
    """Whoever adds a state, a step or a kind also says what it is called."""
    known = words("sv").texts
    assert [value for value in MADE[start] if f"{start}{value}" not in known] == []


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_a_title_and_a_receipt(form):
    """Its button opens it, and its receipt tells that it was done."""
    known = words("sv").texts
    assert {f"{form}.title", f"{form}.done"} <= known.keys()
    assert (TEMPLATES / "staff" / "forms" / f"{form}.html").exists()


@pytest.mark.parametrize("key", ["problem.other", "problem.internal", "problem.unavailable"])
def test_what_has_no_words_of_its_own_has_some(key):
    """Whatever is refused, a page says something."""
    assert words("sv").has(key)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        (None, "", "sv"),
        (None, "de-DE,en;q=0.8,sv;q=0.7", "en"),
        (None, "sv-SE,en", "sv"),
        ("en", "sv-SE", "en"),
        ("xx", "fi", "sv"),
    ],
)
def test_the_language_is_the_one_clicked_or_accepted(cookie, accepted, language):
    """Swedish when nothing else is said."""
    assert chosen(cookie, accepted) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_files(language):
    """The words of one group of pages never stand in the way of another's."""
    tables = [
        name
        for file in sorted((TEXTS / language).glob("*.toml"))
        for name in tomllib.loads(file.read_text(encoding="utf-8"))
    ]
    assert len(tables) == len(set(tables))
