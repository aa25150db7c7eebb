"""Every place in a TOML text is found at its line."""

import tomllib

import pytest

from gateway.routes.toml_lines import TomlLines

TEXT = '''\
# [not a table]
top = "[" # "
list = [
  1, # ]
  2,
]
long = """
[nor.this]
key = "x" \\""" """
raw = \'\'\'
[nor.that]\'\'\'
[a . "b c"]
'odd key' = { x = "}" }
d.e = 1

  [[rules]]
  name = "first"
[rules.more]
x = 1
[[rules]]
name = "second"
[rules.more]
y = 2
[[rules.inner]]
z = 3
[[rules.inner]]
z = 4'''


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ((), 1),
        (("top",), 2),
        (("list",), 3),
        (("long",), 7),
        (("raw",), 10),
        (("a",), 12),
        (("a", "b c", "odd key"), 13),
        (("a", "b c", "odd key", "x"), 13),
        (("a", "b c", "d", "e"), 14),
        (("rules",), 16),
        (("rules", 0), 16),
        (("rules", 0, "name"), 17),
        (("rules", 0, "more", "x"), 19),
        (("rules", 1), 20),
        (("rules", 1, "name"), 21),
        (("rules", 1, "more", "y"), 23),
        (("rules", 1, "inner", 1, "z"), 27),
        (("rules", 1, "missing"), 20),
        (("missing",), 1),
    ],
    ids=str,
)
def test_a_place_is_found_at_its_line_or_at_what_is_around_it(where, line):
    """DOMAIN B10: a fault is told where it stands."""
    assert TomlLines(TEXT).line_of(*where) == line


def test_the_text_of_this_test_is_toml():
    """Or else the test would prove nothing."""
    assert tomllib.loads(TEXT)["rules"][1]["inner"][1] == {"z": 4}
