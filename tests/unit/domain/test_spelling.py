"""Swedish words, as they are spelled and misspelled (DOMAIN A14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.spelling import (
    alphabetical,
    begins_as,
    errors_between,
    folded,
    one_error,
    plain,
    words_of,
)

WORDS = st.text("abö", max_size=6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vårdcentralen Örebro", ["vårdcentralen", "örebro"]),
        ("S:t Görans sjukhus", ["st", "görans", "sjukhus"]),
        ("Lung- och allergimottagningen", ["lung", "och", "allergimottagningen"]),
        ("Café Müller, Lillebæk", ["cafe", "muller", "lillebäk"]),
        ("O\u0308rebro", ["örebro"]),
        ("Avdelning 41_B", ["avdelning", "41", "b"]),
        (" – !", []),
    ],
)
def test_a_text_is_cut_into_words_in_small_letters(text, words):
    """DOMAIN A14: å, ä and ö are letters of their own, other accents are not."""
    assert words_of(text) == words


@given(st.text())
def test_what_is_folded_is_not_folded_further(text):
    """DOMAIN A14: whatever is typed, it is compared in one form."""
    assert words_of(" ".join(words_of(text))) == words_of(text)


def test_the_swedish_alphabet_ends_with_three_letters_of_its_own():
    """DOMAIN A14: lists are in the order that people know."""
    towns = ["Örebro", "Ängelholm", "Åre", "Zinkgruvan", "arvika", "Ådalen"]
    ordered = ["arvika", "Zinkgruvan", "Ådalen", "Åre", "Ängelholm", "Örebro"]
    assert sorted(towns, key=alphabetical) == ordered


@pytest.mark.parametrize(
    ("word", "asked", "fits"),
    [
        ("örebro", "orebro", True),
        ("örebro", "öre", True),
        ("älvsbyå", "alvsbyå", True),
        ("orebro", "örebro", False),
        ("mälaren", "målaren", False),
        ("öre", "örebro", False),
    ],
)
def test_dots_may_be_left_out_and_never_put_in(word, asked, fits):
    """DOMAIN A14: "orebro" finds "Örebro"; "ål" does not find "al"."""
    assert begins_as(word, asked) is fits


def test_a_word_without_swedish_keys():
    """DOMAIN A14."""
    assert plain(folded("ÅÄÖ")) == "aao"


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("solna", "solna", 0),
        ("solna", "solan", 1),
        ("solna", "soln", 1),
        ("solna", "soolna", 1),
        ("solna", "solva", 1),
        ("", "ab", 2),
        ("norrfors", "nrorfosr", 2),
    ],
)
def test_typing_errors_are_counted(one, other, errors):
    """DOMAIN A14: a letter too many, missing or wrong, or two swapped, is one."""
    assert errors_between(one, other) == errors_between(other, one) == errors


@given(WORDS, WORDS)
def test_one_error_is_all_that_is_at_most_one_error_away(meant, typed):
    """DOMAIN A14: making errors and counting them are two ways to the same."""
    assert (meant in set(one_error(typed, "abö"))) == (errors_between(typed, meant) <= 1)
