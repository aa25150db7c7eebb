"""What a store promises of the list of a citizen's cases (DOMAIN A7)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from gateway.domain.case import Submitter
from gateway.flow.store import Store
from gateway.testing.builders import AGDA, TOLVAN, make_case
from gateway.testing.store_contract.acts import accept


class CitizenCasesContract:
    """Whose cases are whose."""

    def test_a_citizens_cases_are_listed_in_pages_with_the_newest_first(
        self, store: Store
    ) -> None:
        """DOMAIN A7: every case once, however many there are."""
        numbers = [accept(store, make_case(case_id=f"case {n}")).number for n in range(3)]
        first = store.citizen_cases.newest(TOLVAN, None, 2)
        rest = store.citizen_cases.newest(TOLVAN, first[-1].id, 2)
        assert [record.number for record in (*first, *rest)] == numbers[::-1]

    def test_a_citizen_sees_nobody_elses_cases_in_the_list(self, store: Store) -> None:
        """DOMAIN A1: the case is the submitter's alone."""
        accept(store)
        hers = accept(store, make_case(case_id="hers", submitter=Submitter(AGDA)))
        found = store.citizen_cases.newest(AGDA, None, 10)
        assert found == [store.cases.find(hers.number)]
