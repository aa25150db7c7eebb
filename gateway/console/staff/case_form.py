"""One form on the page of a case: when it is shown, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.console.staff.case_file import CaseFile
from gateway.console.staff.visit import Visit
from gateway.domain.lifecycle import CaseState, CaseStep, case_after
from gateway.flow.access import Verb, may
from gateway.flow.handling.act import Asked

Do = Callable[[Visit, Asked], object]
Fits = Callable[[CaseFile, Visit], bool]


@dataclass(frozen=True, slots=True)
class CaseForm:
    """
    One form: `name` is its address and its template; `fits` tells more of when it is shown.

    `step` is what must be legal for the case now; with None it is open until nothing is left.
    """

    name: str
    verb: Verb
    step: CaseStep | None
    do: Do
    fits: Fits = lambda _file, _visit: True

    def is_open(self, file: CaseFile, visit: Visit) -> bool:
        """Tell whether this is legal now, and this caller's to do."""
        is_theirs = may(visit.caller.role, self.verb)
        return self._is_legal(file.record.state) and is_theirs and self.fits(file, visit)

    def _is_legal(self, state: CaseState) -> bool:
        if self.step is None:
            return state is not CaseState.DISPOSED
        return case_after(state, self.step) is not None
