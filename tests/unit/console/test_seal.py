"""What a browser keeps for us it can neither read nor make (DOMAIN A8, E1)."""

import pytest

from gateway.console.seal import Seal

SECRET = "only for tests, and long enough for them"  # noqa: S105 opens nothing


@pytest.fixture
def seal(watch):
    return Seal(SECRET, "a.session", watch)


def test_a_value_comes_back_with_when_it_was_sealed(seal, watch):
    """And nothing of it can be read on the way."""
    text = seal.written({"name": "Tolvan"})
    watch.now += 9
    assert seal.read(text, 10) == (1_000_000, {"name": "Tolvan"})
    assert "Tolvan" not in text


def test_what_is_too_old_is_none(seal, watch):
    """An hour is an hour, whatever the browser says."""
    text = seal.written({})
    watch.now += 10
    assert seal.read(text, 10) == (1_000_000, None)


@pytest.mark.parametrize("text", [None, "", "x", "å", "gAAAAA=="])
def test_what_is_not_ours_is_none(seal, text):
    """Anything may come in a cookie."""
    assert seal.read(text, 10) == (0, None)


def test_a_value_of_another_purpose_or_secret_is_none_of_ours(seal, watch):
    """What began a sign-in is no session, and staff are no citizens."""
    for other in (Seal(SECRET, "b.session", watch), Seal(SECRET[::-1], "a.session", watch)):
        assert seal.read(other.written({}), 10)[1] is None


def test_a_value_that_was_changed_is_none(seal):
    """Not one letter of it."""
    text = seal.written({"role": "reader"})
    other = "A" if text[-10] != "A" else "B"
    assert seal.read(f"{text[:-10]}{other}{text[-9:]}", 10)[1] is None
