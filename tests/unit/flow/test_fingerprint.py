"""Whether two requests say the same, whichever door they came through."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.case import Case
from gateway.domain.notation import case_from_json, case_to_json
from gateway.flow.fingerprint import fingerprint
from gateway.testing.builders import make_attachment, make_case
from gateway.testing.memory_contents import MemoryContents

cases = st.from_type(Case)


@given(cases, st.randoms())
def test_the_order_of_keys_and_the_spelling_of_letters_do_not_matter(case, luck):
    """DOMAIN A1; DESIGN decision 9: the same content whichever door it came through."""
    notation = case_to_json(case)
    keys = list(notation)
    luck.shuffle(keys)
    reordered = {key: notation[key] for key in keys}
    assert fingerprint(reordered) == fingerprint(notation)
    assert fingerprint(json.loads(json.dumps(notation, ensure_ascii=True))) == fingerprint(
        notation
    )


@given(cases)
def test_an_optional_thing_left_out_or_told_as_nothing_is_the_same(case):
    """DOMAIN A1: one door leaves out what another tells as null."""
    notation = case_to_json(case)
    nulled = {"patient": None, "desiredOutcome": None} | notation
    assert fingerprint(case_to_json(case_from_json(nulled))) == fingerprint(notation)


@given(cases, cases)
def test_two_cases_have_equal_fingerprints_only_if_they_say_the_same(one, other):
    """DESIGN decision 9: other content is a clear conflict."""
    same = case_to_json(one) == case_to_json(other)
    assert (_fingerprint(one) == _fingerprint(other)) is same


def test_files_that_hold_something_else_make_another_fingerprint():
    """DOMAIN D4: also where name, type and size are the same."""
    one, other = (make_case(case_id="1", attachments=(make_attachment(c),)) for c in (b"a", b"b"))
    assert _fingerprint(one) != _fingerprint(other)


def test_a_file_that_is_kept_already_counts_as_the_same_file_in_the_request():
    """DOMAIN D4: what a repeat brings is digested where it is."""
    one = make_case(case_id="1", attachments=(make_attachment(b"a"),))
    kept = MemoryContents().put([b"a"])
    other = replace(one, attachments=(replace(one.attachments[0], content=kept),))
    assert _fingerprint(one) == _fingerprint(other)


def _fingerprint(case):
    return fingerprint(case_to_json(case, with_content=False), case.attachments)


@pytest.mark.parametrize("other", [{"a": "1"}, {"a": 1, "b": 2}, {"b": 1}, {}, {"a": [1]}])
def test_any_other_content_has_another_fingerprint(other):
    """DESIGN decision 9: the same key with other content is refused."""
    assert fingerprint(other) != fingerprint({"a": 1})


def test_a_fingerprint_tells_nothing_of_the_content():
    """DOMAIN A8: it is a digest of 256 bits, always as long."""
    assert len(fingerprint({"number": "191212121212"})) == 64
    assert "1912" not in fingerprint({})
