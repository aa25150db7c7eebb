"""national.toml: where addresses without a row go, and who may use addresses of parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.destination import Destination
from gateway.domain.permission import PartsRule
from gateway.routes.draft import NATIONAL_FILE
from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Shape, Table, open_table, open_tables
from gateway.routes.toml_file import open_toml
from gateway.routes.values import contract_fault, did_you_mean

_OPTIONAL: Shape = {"tree": list, "default": dict, "parts": list}
_TREE: Shape = {"file": str}
_DEFAULT: Shape = {"destination": str}
_PARTS: Shape = {"sender": str, "contract": str}


@dataclass(frozen=True, slots=True)
class NationalFile:
    """What could be read of the file; without one, all of it is empty."""

    trees: tuple[Table, ...] = ()
    default: Table | None = None
    parts_rules: tuple[PartsRule, ...] = ()

    @property
    def tree_files(self) -> list[str]:
        """The names of the directory's files, the one that goes before the others first."""
        return [table.text("file") for table in self.trees]


def read_national(data: bytes | None, findings: list[Finding]) -> NationalFile:
    """Read the file, if there is one."""
    opened = open_toml(NATIONAL_FILE, data, findings) if data is not None else None
    if opened is None:
        return NationalFile()
    page, values = opened
    root = open_table(page, (), values, {}, _OPTIONAL)
    default = root.values.get("default")
    return NationalFile(
        tuple(open_tables(root, "tree", _TREE, {})),
        None if default is None else open_table(page, ("default",), default, _DEFAULT, {}),
        tuple(_parts_rule(table) for table in open_tables(root, "parts", {}, _PARTS)),
    )


def default_of(file: NationalFile, known: Mapping[str, Destination]) -> Destination | None:
    """Find the default destination; what is wrong with it is told."""
    if file.default is None:
        return None
    name = file.default.text("destination")
    to = known.get(name)
    if name and to is None:
        words = f"{name!r} is no region's destination; {did_you_mean(name, known)}"
        file.default.fault("destination", Rule.UNKNOWN_DESTINATION, words)
    elif to and to.system is None and "owner" not in to.settings:
        words = f"{name} gives each unit its own inbox, and an address without a row has none; choose a case system, or an inbox with an owner"  # noqa: E501 one sentence
        file.default.fault("destination", Rule.NO_HOLDER, words)
    return to


def _parts_rule(table: Table) -> PartsRule:
    contract = table.text("contract")
    if contract and (words := contract_fault(contract)):
        table.fault("contract", Rule.BAD_CONTRACT, words)
    return PartsRule(table.hsa_id("sender"), contract or None)
