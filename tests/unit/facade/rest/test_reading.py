"""Bodies over REST: read strictly, refused with the element and the rule, never with the value."""

import json

import pytest

DEEP = "[" * 100_000
NO_ID = "must be 1 to 256 characters, no control characters, without blanks at the ends"
NO_BASE64 = "must be canonical base64 (RFC 4648), without line breaks"


@pytest.fixture
def submit(asked):
    """Submit bytes as the e-service."""

    def submit(content, media_type="application/json"):
        headers = {"Content-Type": media_type}
        return asked("e-service", "POST", "/cases", headers, content=content)

    return submit


@pytest.fixture
def broken(submit, case):
    """Submit a case with one element changed, and tell what was said about it."""

    def broken(path, value):
        *way, last = path.split("/")
        target = case
        for step in way:
            target = target[int(step) - 1 if step.isdigit() else step]
        target[last] = value
        answer = submit(json.dumps(case))
        assert answer.status_code == 400
        assert answer.json()["title"] == "Schema"
        return {error["where"]: error["message"] for error in answer.json()["errors"]}

    return broken


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("caseId", " e-1", NO_ID),
        *(("caseId", f"e{control}1", NO_ID) for control in "\n\t\x7f\x85"),
        ("caseId", "e" * 257, "must be at most 256 characters"),
        ("caseId", 7, "must be a text"),
        ("kind", "PRAISE", "must be 'COMPLAINT' or 'FEEDBACK'"),
        ("receiver", "CARE", "must be an object"),
        ("receiver/hsaId", "", "must be at least 1 character"),
        ("receiver/place", "x" * 1001, "must be at most 1000 characters"),
        ("eventDate", "2026-02-30", "must be a day that exists"),
        ("eventDate", "20260301", "must be a date such as 2026-03-01, without a time zone"),
        ("eventDate", "2026-03-01T00:00:00", "must be a date such as 2026-03-01, without a time zone"),  # noqa: E501 one case
        ("submitter/name", "x" * 217, "must be at most 216 characters"),
        ("submitter/personId/oid", "191212121212", "must be an OID: numbers with dots between"),
        ("submitter/personId/number", "19121212-1212", "must be twelve letters or digits without a separator"),  # noqa: E501 one case
        ("description", "x" * 20_001, "must be at most 20000 characters"),
        ("description", "a\x00b", "holds a character that XML cannot carry; leave it out"),
        ("attachments", {}, "must be a list"),
        *(
            ("attachments/1/content", text, NO_BASE64)
            for text in ("SGV\nq", "SGVqå", "SGVqA", "aGVq=", "aGV=", "aGVqaGVq====", "QQ==QQ==")
        ),
    ],
)  # fmt: skip
def test_an_element_that_is_not_as_described_is_told(broken, path, value, words):
    """CONTRACT: the same kinds of text and lengths as in the SOAP contracts."""
    assert broken(path, value) == {path: words}


@pytest.mark.parametrize("path", ["diagnosis", "receiver/hsa_id", "attachments/1/size"])
def test_an_unknown_key_is_named_and_refused(broken, path):
    """AESTHETICS 4.5, rule 13: unsupported is refused, loudly."""
    assert broken(path, "x") == {path: "is not known here; leave it out"}


def test_a_key_that_is_no_name_is_not_repeated(broken):
    """DESIGN decision 11: a key can be a person's number."""
    assert list(broken("191212121212", 1)) == ["(a key that is no name)"]


def test_a_missing_element_is_named(submit, case):
    """CONTRACT: what must be there is told by its name."""
    del case["submitter"]["personId"]
    told = submit(json.dumps(case)).json()["errors"]
    words = {"where": "submitter/personId", "rule": "schema", "message": "is missing"}
    assert told == [words]


@pytest.mark.parametrize("text", ["", "{", "{'caseId': 1}", DEEP, '{"a": "\\ud800"}'])
def test_what_is_no_json_is_unreadable(submit, text):
    """RFC 8259: also what is nested so deep that it can only be meant to harm."""
    answer = submit(text)
    assert (answer.status_code, answer.json()["title"]) == (400, "Unreadable")


def test_what_is_not_utf_8_is_unreadable(submit):
    """RFC 8259: JSON is UTF-8."""
    assert submit(b'{"caseId": "\xe5"}').json()["title"] == "Unreadable"


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/xml", "application/json; charset=latin-1"]
)
def test_what_is_not_json_is_not_read(submit, case, media_type):
    """Digg ARQ.01: JSON, and said so."""
    assert submit(json.dumps(case), media_type).status_code == 415


def test_json_in_utf_8_may_be_said_in_more_words(submit, case):
    """RFC 9110: a media type has parameters, and no case."""
    assert submit(json.dumps(case), 'Application/JSON;charset="UTF-8"').status_code == 201


def test_a_compressed_request_is_told_to_come_uncompressed(asked, case):
    """RFC 9110 §8.4: no guess at what else the bytes could be."""
    answer = asked("e-service", "POST", "/cases", {"Content-Encoding": "gzip"}, json=case)
    assert (answer.status_code, answer.json()["title"]) == (400, "Unreadable")
    assert answer.json()["errors"][0]["where"] == "Content-Encoding"


def test_a_request_that_is_too_large_is_not_read(submit):
    """DESIGN decision 3: nobody fills the memory; the limit is told in bytes."""
    answer = submit(b" " * 100_001)
    assert (answer.status_code, answer.json()["title"]) == (413, "Too large")


def test_an_attachment_that_is_too_large_is_named(submit, case):
    """DOMAIN A10: the sender learns which one."""
    case["attachments"][0]["content"] = "A" * 4000
    answer = submit(json.dumps(case))
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (413, "attachments/1")


def test_a_body_with_endless_keys_or_entries_is_refused_at_once(asked, case):
    """DOMAIN A1: a small body must not cost seconds."""
    keys = {f"k{n}": n for n in range(5000)}
    for body, told in ((case | keys, "more than"), (case | {"attachments": [{}] * 9000}, "100")):
        answer = asked("e-service", "POST", "/cases", json=body)
        [error] = answer.json()["errors"]
        assert (answer.status_code, told in error["message"]) == (400, True)


@pytest.mark.parametrize(
    ("once", "twice"),
    [
        ('"kind": "COMPLAINT"', '"kind": "COMPLAINT", "kind": "FEEDBACK"'),
        ('"caseId": "e-1"', '"caseId": "e-1", "case\\u0049d": "e-1"'),
        ('"receiver": {', '"receiver": {"hsaId": "SE2321000016-1A2B", '),
    ],
)
def test_a_key_that_stands_twice_is_refused(submit, case, once, twice):
    """RFC 8259 §4: which of them is meant is for nobody to guess; also deep inside."""
    written = json.dumps(case | {"caseId": "e-1"})
    assert once in written
    answer = submit(written.replace(once, twice, 1))
    assert (answer.status_code, answer.json()["title"]) == (400, "Unreadable")
    assert "stands twice" in answer.json()["detail"]


def test_a_text_that_looks_like_keys_is_a_text(submit, case):
    """DOMAIN A4: whoever quotes JSON in a complaint is heard."""
    case["description"] = '{"kind": "x", "kind": "y"}'
    assert submit(json.dumps(case)).status_code == 201
