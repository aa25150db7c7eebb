"""What a store promises of the route table: every version is kept, and each number given once."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from gateway.domain.publication import Overtaken, Publication
from gateway.flow.store import Store
from gateway.testing.builders import make_publication

FILES = {"norr/region.toml": b'name = "Norr"\r\n', "norr/units.csv": "hsa_id;namn\nå".encode()}


class PublicationsContract:
    """Publications of the route table."""

    def test_nothing_is_published_at_first(self, store: Store) -> None:
        """DOMAIN B10."""
        publications = store.publications
        assert publications.newest() is None
        assert (publications.find(1), publications.files(1)) == (None, None)
        assert publications.listed(None, 10) == []

    def test_a_publication_is_read_back_as_it_was(self, store: Store) -> None:
        """DOMAIN B10: by whom and why, and its files byte for byte."""
        first = make_publication()
        assert store.publications.publish(first, FILES) == first
        assert store.publications.newest() == store.publications.find(1) == first
        assert store.publications.files(1) == FILES

    def test_an_earlier_one_stays_as_it_was(self, store: Store) -> None:
        """DOMAIN B10: it can be brought back."""
        first, second = _published(store), make_publication(number=2, restores=1)
        assert store.publications.publish(second, {"norr/units.csv": b""}) == second
        assert store.publications.newest() == second
        assert store.publications.find(1) == first
        assert store.publications.files(1) == FILES

    def test_who_edits_what_is_not_newest_any_more_is_told_so(self, store: Store) -> None:
        """DOMAIN B10: two editors cannot overwrite each other."""
        first = _published(store)
        late = make_publication(reason="late")
        assert store.publications.publish(late, {}) == Overtaken(first)
        assert store.publications.publish(replace(late, number=3), {}) == Overtaken(first)
        assert store.publications.listed(None, 10) == [first]

    def test_of_many_who_publish_at_once_one_does(self, store: Store) -> None:
        """DOMAIN B10: also from many nodes."""
        wanted = [make_publication(author=str(number)) for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            ended = list(pool.map(lambda new: store.publications.publish(new, FILES), wanted))
        done = [one for one in ended if isinstance(one, Publication)]
        assert done == [store.publications.newest()]
        assert [one for one in ended if one not in done] == [Overtaken(done[0])] * 7

    def test_they_are_listed_newest_first_in_pages(self, store: Store) -> None:
        """DOMAIN B10, G1."""
        made = [make_publication(number=number) for number in (1, 2, 3)]
        for one in made:
            store.publications.publish(one, FILES)
        assert store.publications.listed(None, 2) == [made[2], made[1]]
        assert store.publications.listed(2, 2) == [made[0]]


def _published(store: Store) -> Publication:
    first = make_publication()
    store.publications.publish(first, FILES)
    return first
