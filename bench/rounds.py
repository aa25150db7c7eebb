"""Rounds that take turns, so that a slow minute hits all alike; and what is made of them."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import TypeVar

T = TypeVar("T")


def turns(subjects: Sequence[T], rounds: int) -> Iterator[tuple[int, T]]:
    """Give round 0 of every subject, then round 1 of every subject backwards, and so on."""
    for number in range(rounds):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            yield number, subject


def ratio(ours: Iterable[float], theirs: Iterable[float]) -> float:
    """Tell the median of the rounds' own ratios, for as many rounds as both have."""
    return median(our / their for our, their in zip(ours, theirs, strict=False))
