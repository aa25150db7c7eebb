"""In which order a logical address is looked up (INTEROP §2.3, §2.4)."""

import pytest

from gateway.domain.addressing import parts, permission_stops, platform_trace, route_stops
from gateway.domain.hsa import HsaId
from gateway.domain.tree import TOP, Place, Tree

TREE = Tree({"a": Place("Mottagningen", HsaId("B")), "b": Place("Kliniken", TOP)})


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("VG#VE", ["VE", "VG"]),
        ("VG#", ["VG"]),
        ("#VE", ["VE"]),
        ("VE#VE", ["VE"]),
        ("VE#ve", ["VE"]),
        ("A#B#C", ["C", "B", "A"]),
        ("VE", ["VE"]),
        ("#", []),
    ],
)
def test_the_last_part_is_the_most_specific_and_none_comes_twice(address, found):
    """INTEROP §2.11, DefaultRoutingUtilTest."""
    assert [part.text for part in parts(HsaId(address))] == found


@pytest.mark.parametrize(
    ("stops", "address", "trace"),
    [
        (route_stops, "A", "A,(parent),B,SE,(default),*"),
        (permission_stops, "A", "A,(default),*,(parent),B,SE"),
        (route_stops, "X", "X,(parent),SE,(default),*"),
        (route_stops, "SE", "SE,(default),*"),
        (route_stops, "VG#VE", "(leaf),VE,VG"),
        (permission_stops, "VG#VE", "(leaf),VE,VG"),
    ],
)
def test_the_order_is_a_platforms_and_so_is_how_it_is_written(stops, address, trace):
    """INTEROP §2.3, §2.4: the tree before the default for a route, after it for a permission."""
    assert platform_trace(stops(HsaId(address), TREE)) == trace


def test_without_a_tree_nobody_is_above():
    """INTEROP §2.3: as where looking up in the directory is not enabled."""
    assert platform_trace(route_stops(HsaId("A"), None)) == "A,(default),*"


def test_a_unit_has_the_name_of_the_directory():
    """INTEROP §2.3: in any letters."""
    assert (TREE.name_of(HsaId("a")), TREE.name_of(HsaId("X"))) == ("Mottagningen", None)
