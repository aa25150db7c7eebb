"""From what a TAK says to a draft that says it too, or to every fault in the way (DOMAIN B10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.domain.routing import RouteTable
from gateway.routes.build import build
from gateway.routes.destinations import AdapterFaults
from gateway.routes.draft import REGION_FILE, UNITS_FILE, Draft
from gateway.routes.finding import Finding, Rule
from gateway.routes.region_file import read_region
from gateway.routes.tak.agreement import disagreeing
from gateway.routes.tak.overlay import WAYS, Plan, laid
from gateway.routes.tak.plans import Planning
from gateway.routes.tak.table import TakOrder, TakTable
from gateway.routes.tak.units_text import Record, UnitsText, read_text
from gateway.routes.values import did_you_mean

Plans = Mapping[str, Plan]


def imported(
    draft: Draft, region: str, tak: TakTable | TakOrder, adapters: AdapterFaults, today: date
) -> Draft | list[Finding]:
    """
    Give a draft in which the units of `region` go where the TAK says, or every fault.

    Units that the TAK does not list are left as they are, and so are other regions (DOMAIN B8).
    Routes of a whole TAK that were over before `today` are not written down any more. The draft
    that is given must be right, and the one that comes back is.
    """
    table = build(draft, adapters)
    if not isinstance(table, RouteTable):
        return table
    if region not in table.regions:
        words = f"there is no region {region!r}; {did_you_mean(region, table.regions)}"
        return [Finding(".", 0, Rule.UNKNOWN_REGION, words)]
    text = read_text(draft.files[f"{region}/{UNITS_FILE}"])
    units = _by_unit(text)
    addresses = read_region(region, draft.files[f"{region}/{REGION_FILE}"], [], adapters).addresses
    planning = Planning(region, table, units, addresses, list(tak.findings))
    plans = planning.of(tak, today)
    if planning.findings:
        return sorted(set(planning.findings))
    return _Import(draft, region, text, units, adapters).of(plans)


def _by_unit(text: UnitsText) -> dict[str, list[Record]]:
    units: dict[str, list[Record]] = {}
    for record in text.records:
        units.setdefault(record.cells["hsa_id"].lower(), []).append(record)
    return units


@dataclass(frozen=True, slots=True)
class _Import:
    """A region's units.csv, and the draft that it is a part of."""

    draft: Draft
    region: str
    text: UnitsText
    units: Mapping[str, Sequence[Record]]
    adapters: AdapterFaults

    def of(self, plans: Plans) -> Draft | list[Finding]:
        """Write plans; a row @parent or @rules is left where it leads to the same already."""
        while True:
            after = self._written(plans)
            built = build(after, self.adapters)
            kept = {key: plan for key, plan in plans.items() if self._keeps_ways(key, plan)}
            if isinstance(built, RouteTable):
                wrong = disagreeing(built, self.region, kept)
                if not wrong:
                    return after
            elif not (wrong := set(kept)):
                return built
            plans = {**plans, **{key: replace(plans[key], keeps_ways=False) for key in wrong}}

    def _keeps_ways(self, key: str, plan: Plan) -> bool:
        return plan.keeps_ways and any(row.destination in WAYS for row in self.units[key])

    def _written(self, plans: Plans) -> Draft:
        instead: dict[Record, list[Mapping[str, str]]] = {}
        for key, plan in plans.items():
            instead |= {record: [] for record in self.units[key]}
            for piece in laid(self.units[key], plan):
                instead[piece.of].append(piece.cells)
        data = self.text.edited(instead)
        return Draft({**self.draft.files, f"{self.region}/{UNITS_FILE}": data})
