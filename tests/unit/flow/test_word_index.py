"""Words are found by what is like them, the likest first (DOMAIN A14)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.domain.spelling import errors_between, one_error, plain
from gateway.flow.word_index import WordIndex

WORDS = st.text("abåö", min_size=1, max_size=11)


@pytest.fixture(scope="module")
def index():
    """Some places, by number."""
    places = ["Örebro", "Orebro", "Örebrobygden", "Orebrolund", "Öresbro", "Avdelning 1234"]
    return WordIndex.of(places)


@pytest.mark.parametrize(
    ("word", "steps"),
    [
        ("orebro", [{1}, {0}, {1, 3}, {0, 2}, {4}]),
        ("örebro", [{0}, set(), {0, 2}, set(), {1, 3, 4}]),
        ("öre", [set(), set(), {0, 2, 4}, set(), set()]),
        ("1235", [set()] * 5),
    ],
)
def test_each_step_finds_what_is_less_alike(index, word, steps):
    """DOMAIN A14: the word, without dots, beginnings, then typing errors; never in digits."""
    seen: set[int] = set()
    for found, fresh in zip(index.nearest_first(word), steps, strict=False):
        assert fresh <= found <= fresh | seen
        seen |= found


@given(WORDS, st.lists(WORDS, max_size=8), st.data())
def test_a_mistyped_word_is_found(word, others, data):
    """DOMAIN A14: one error in words of 4 letters and more, two of 8 and more, wherever it is."""
    typed = word
    for _ in range(2 if len(word) > 9 else len(word) > 4):
        typed = data.draw(st.sampled_from(sorted(set(one_error(typed, "abåö")))))
    # An error within two swapped letters makes three of two.
    assume(errors_between(plain(word), plain(typed)) <= 2)
    assert 0 in set().union(*WordIndex.of([word, *others]).nearest_first(typed))


@pytest.mark.parametrize(
    "typed", ["porvbrodet", "rpobvordet", "provbrodte", "porvobrdet", "provobrdte"]
)
def test_two_errors_are_found_wherever_they_are(typed):
    """DOMAIN A14: in either half, in both, and with a swap in the very middle."""
    assert set().union(*WordIndex.of(["provbordet"]).nearest_first(typed)) == {0}


@given(WORDS, st.lists(WORDS, max_size=8))
def test_nothing_is_found_that_is_not_alike(typed, others):
    """DOMAIN A14: short words are not guessed at, long ones within two errors."""
    bare = plain(typed)
    for number in set().union(*WordIndex.of(others).nearest_first(typed)):
        other = plain(others[number])
        errors = min(errors_between(bare, other[:size]) for size in range(len(other) + 1))
        assert errors <= (len(bare) >= 4) + (len(bare) >= 8)


def test_the_beginning_of_a_longer_word_may_have_one_error():
    """DOMAIN A14: while it is typed; shorter beginnings are like too many words."""
    index = WordIndex.of(["Vårdcentralen"])
    assert set().union(*index.nearest_first("vådrcen")) == {0}
    assert set().union(*index.nearest_first("vådr")) == set()


def test_an_index_of_nothing_finds_nothing():
    """DOMAIN A14: a table without units is a table."""
    assert set().union(*WordIndex.of([]).nearest_first("vårdcentralen")) == set()


def test_errors_are_looked_for_in_words_that_names_can_have():
    """DOMAIN A14: longer ones are found as they are, and cost no more than short ones."""
    index = WordIndex.of(["a" * 40, "b" * 41])
    assert set().union(*index.nearest_first("a" * 39 + "b")) == {0}
    assert set().union(*index.nearest_first("b" * 40 + "a")) == set()
    assert set().union(*index.nearest_first("b" * 41)) == {1}
