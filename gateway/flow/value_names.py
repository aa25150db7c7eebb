"""The Swedish names of what is counted, by its codes."""

from gateway.domain.classification import CATEGORIES
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.statistics import EARLIER, UNKNOWN, Parameter


def value_name(parameter: Parameter, code: str) -> str:
    """Tell the name of a value of a parameter; its code where it has no other."""
    match parameter:
        case Parameter.MAIN_PROBLEM | Parameter.SUB_PROBLEM | Parameter.PERCEIVED_PROBLEM:
            return _problem(parameter, code)
        case Parameter.FIELD_OF_OPERATION:
            return _FIELDS.get(code, code)
        case Parameter.AGE if code:
            return f"{code} år" if code != "90-" else "90 år och äldre"
        case _:
            return _OTHERS.get(code, code)


def _problem(parameter: Parameter, code: str) -> str:
    name = _CATEGORIES.get(code, code)
    alone = parameter is Parameter.SUB_PROBLEM and code and "." not in code
    return f"{name}, utan delproblem" if alone else name


_CATEGORIES = {one.code: one.swedish for one in CATEGORIES} | {UNKNOWN: "Ej klassificerat"}
_FIELDS = {one.code: one.swedish for one in FIELDS_OF_OPERATION} | {UNKNOWN: "Ej klassificerat"}
_OTHERS = {
    "FEMALE": "Kvinna",
    "MALE": "Man",
    UNKNOWN: "Uppgift saknas",
    EARLIER: "Tidigare",
}
