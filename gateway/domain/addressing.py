"""In which order a logical address is looked up, and how a platform writes where it looked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.hsa import HsaId
from gateway.domain.tree import Tree

# INTEROP §2.3: between the parts of an address such as `provider#unit`.
DELIMITER = "#"
ANY = HsaId("*")


class Look(StrEnum):
    """How one comes to look at an address; the words are those of a platform's trace."""

    EXACT = ""
    LEAF = "(leaf)"
    PARENT = "(parent)"
    DEFAULT = "(default)"


@dataclass(frozen=True, slots=True)
class Stop:
    """One address that is looked up."""

    look: Look
    address: HsaId


def has_parts(address: HsaId) -> bool:
    """Tell whether an address names several, of which the last is the most specific."""
    return DELIMITER in address.text


def parts(address: HsaId) -> tuple[HsaId, ...]:
    """Cut an address into its parts, the last first; empty ones and repeats are left out."""
    named = dict.fromkeys(HsaId(part) for part in address.text.split(DELIMITER) if part)
    return tuple(reversed(named))


def route_stops(address: HsaId, tree: Tree | None) -> Iterator[Stop]:
    """Look for a route: the parts and nothing else, or exact, tree, default (INTEROP §2.3)."""
    if has_parts(address):
        yield from _leaf(address)
        return
    yield Stop(Look.EXACT, address)
    yield from _parents(address, tree)
    yield Stop(Look.DEFAULT, ANY)


def permission_stops(address: HsaId, tree: Tree | None) -> Iterator[Stop]:
    """Look for a permission: the default comes before the tree here (INTEROP §2.4)."""
    if has_parts(address):
        yield from _leaf(address)
        return
    yield Stop(Look.EXACT, address)
    yield Stop(Look.DEFAULT, ANY)
    yield from _parents(address, tree)


def platform_trace(stops: Iterable[Stop]) -> str:
    """Write where was looked as a platform does: `A,(parent),B,SE,(default),*` (INTEROP §2.11)."""
    words, look = [], Look.EXACT
    for stop in stops:
        if stop.look is not look:
            words.append(stop.look.value)
        look = stop.look
        words.append(stop.address.text)
    return ",".join(words)


def _leaf(address: HsaId) -> Iterator[Stop]:
    return (Stop(Look.LEAF, part) for part in parts(address))


def _parents(address: HsaId, tree: Tree | None) -> Iterator[Stop]:
    return (Stop(Look.PARENT, up) for up in tree.above(address)) if tree else iter(())
