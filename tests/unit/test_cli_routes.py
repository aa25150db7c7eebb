"""`vaxel routes`, run in this process."""

from tests.unit.conftest import FIRST, RULES


def test_routes_are_compared_published_listed_and_brought_back(vaxel, tmp_path):
    """DOMAIN B10: each with its number, who, and why."""
    vaxel("db", "upgrade")
    assert vaxel("routes", "publish", *FIRST).stdout.startswith("publication 1 (")
    units = tmp_path / "routing_rules/nordmark/units.csv"
    units.write_text(units.read_text().replace("Norrfors lasarett", "Lasarettet i norr", 1))
    told = vaxel("routes", "diff").stdout
    assert "nordmark: unit SE2321009101-LASN changed: Norrfors lasarett" in told
    assert "To publish: vaxel routes publish --based-on 1" in told
    made = vaxel("routes", "publish", "--based-on", "1", "--reason", "nytt namn").stdout
    assert "unit SE2321009101-LASN changed: Norrfors lasarett" in made
    late = vaxel("routes", "publish", "--based-on", "1", "--reason", "en till")
    assert (late.returncode, "publication 2 is the newest now" in late.stderr) == (1, True)
    back = vaxel("routes", "rollback", "1", "--based-on", "2", "--reason", "fel")
    assert back.stdout.rstrip().endswith(": fel, brings back 1")
    assert len(vaxel("routes", "list").stdout.splitlines()) == 3


def test_a_publication_is_exported_as_it_was(vaxel, tmp_path):
    """DOMAIN B10: byte for byte, into an empty folder only."""
    vaxel("db", "upgrade")
    vaxel("routes", "publish", *FIRST)
    assert vaxel("routes", "export", "out").returncode == 0
    for file in RULES.rglob("*.*"):
        assert (tmp_path / "out" / file.relative_to(RULES)).read_bytes() == file.read_bytes()
    assert vaxel("routes", "export", "out").returncode == 1


def test_explain_asks_what_is_live_or_the_draft(vaxel, tmp_path):
    """DOMAIN B11: and says which."""
    ask = ("routes", "explain", "SE2321009101-LASN")
    assert vaxel(*ask).stdout.startswith("Asked: the routing rules in routing_rules/")
    vaxel("db", "upgrade")
    vaxel("routes", "publish", *FIRST)
    (tmp_path / "routing_rules/nordmark/units.csv").write_text("half a fi")
    assert vaxel(*ask).stdout.startswith("Asked: publication 1 (")
    assert vaxel(*ask, "--draft").returncode == 1
