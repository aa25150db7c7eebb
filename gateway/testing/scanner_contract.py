"""
What every scanner for malware promises, as tests that it inherits.

    class TestMyScanner(ScannerContract):
        @pytest.fixture
        def scanner(self):
            return MyScanner()
"""
# ruff: noqa: S101 (assert is how pytest speaks)

from gateway.flow.scanning import Scanner
from gateway.testing.clamd import EICAR


class ScannerContract:
    """DOMAIN D4: an infected file is told from a clean one, however it comes."""

    def test_a_clean_file_has_nothing(self, scanner: Scanner) -> None:
        """DOMAIN D4."""
        assert _found(scanner, b"Hej") is None

    def test_an_empty_file_has_nothing(self, scanner: Scanner) -> None:
        """DOMAIN D4."""
        assert _found(scanner) is None

    def test_an_infected_file_is_told_by_the_name_of_what_is_in_it(self, scanner: Scanner) -> None:
        """DOMAIN D4: the test file that every scanner knows."""
        assert "eicar" in (_found(scanner, EICAR) or "").lower()

    def test_a_file_in_many_parts_is_one_file(self, scanner: Scanner) -> None:
        """DOMAIN D4: it is streamed, and its parts are nothing by themselves."""
        assert _found(scanner, EICAR[:20], b"", EICAR[20:]) is not None

    def test_a_large_part_is_looked_at_whole(self, scanner: Scanner) -> None:
        """DOMAIN D4: half a million bytes at once, as a file in memory comes."""
        assert _found(scanner, b"0" * 500_000) is None

    def test_one_file_after_the_other(self, scanner: Scanner) -> None:
        """DOMAIN D4: what was in one is not in the next."""
        assert [_found(scanner, one) is None for one in (EICAR, b"Hej")] == [False, True]

    def test_who_turns_away_on_the_way_disturbs_nobody(self, scanner: Scanner) -> None:
        """DOMAIN D4: an upload that was broken off."""
        with scanner.begin() as looking:
            looking.see(b"Hej")
        assert _found(scanner, b"Hej") is None

    def test_it_tells_that_all_is_well(self, scanner: Scanner) -> None:
        """DOMAIN G2."""
        assert scanner.trouble() is None


def _found(scanner: Scanner, *parts: bytes) -> str | None:
    with scanner.begin() as looking:
        for part in parts:
            looking.see(part)
        return looking.found()
