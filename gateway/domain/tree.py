"""Who is under whom in the national directory, so that an address without a row has a place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.domain.hsa import HsaId

# What stands above everybody, and above those who are not in the directory (INTEROP §2.3).
TOP = HsaId("SE")


@dataclass(frozen=True, slots=True)
class Place:
    """What a unit is called, and the nearest that the directory has above it."""

    name: str
    parent: HsaId


@dataclass(frozen=True, slots=True)
class Tree:
    """
    The directory's units by the key of their HSA-id; `written` is when the directory told it.

    Nobody is above themselves: parents come from names of which a part was cut off.
    """

    places: Mapping[str, Place] = field(repr=False)
    written: str = ""

    @property
    def title(self) -> str:
        """What traces call it, with the day that it is of."""
        return f"the HSA tree of {self.written[:10]}" if self.written else "the HSA tree"

    def above(self, address: HsaId) -> Iterator[HsaId]:
        """Climb from an address that may be unknown: the nearest first, SE last."""
        step = address
        while step != TOP:
            place = self.places.get(step.key)
            step = place.parent if place else TOP
            yield step

    def name_of(self, address: HsaId) -> str | None:
        """Tell what the directory calls a unit."""
        place = self.places.get(address.key)
        return place.name if place else None
