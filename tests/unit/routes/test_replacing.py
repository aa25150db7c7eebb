"""Files that are replaced whole."""

import pytest

from gateway.routes.replacing import replaced


def test_a_file_keeps_its_rights_when_its_bytes_are_replaced(tmp_path):
    """DOMAIN B8: whoever may read a region's file may read it afterwards too."""
    path = tmp_path / "units.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replaced(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


def test_what_cannot_be_replaced_leaves_nothing_beside_it(tmp_path):
    """DOMAIN B10: a folder of rules has no files that nobody wrote."""
    path = tmp_path / "units.csv"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        replaced(path, b"new")
    assert [*tmp_path.iterdir()] == [path]


def test_a_full_disk_leaves_the_old_file_alone(tmp_path, monkeypatch):
    """DOMAIN B10: nothing is half written."""

    def full(_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / "units.csv"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        replaced(path, b"new")
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, b"old")]
