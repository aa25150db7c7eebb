"""Every place of attachments keeps the same promises."""

import stat

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from gateway.contents import Bucket, FolderContents, S3Contents
from gateway.domain.errors import Unavailable
from gateway.testing.contents_contract import DIGEST, WHOLE, ContentsContract
from gateway.testing.memory_contents import MemoryContents

KEYS = {"aws_access_key_id": "AKIDTEST", "aws_secret_access_key": "secret"}
NAME, REGION = "attachments", "us-east-1"


class TestMemory(ContentsContract):
    """The fake keeps them too, so that tests with it tell the truth."""

    @pytest.fixture
    def contents(self):
        return MemoryContents()

    @pytest.fixture
    def spoil(self, contents):
        return contents.there.__setitem__


class TestFolder(ContentsContract):
    """A folder keeps them."""

    @pytest.fixture
    def contents(self, tmp_path):
        return FolderContents(tmp_path / "var" / "attachments")

    @pytest.fixture
    def spoil(self, contents):
        return lambda digest, data: (contents.folder / digest[:2] / digest).write_bytes(data)

    def test_nobody_else_may_read_it(self, contents):
        """DOMAIN G1: attachments are personal data."""
        contents.put([WHOLE])
        made = [contents.folder, *contents.folder.rglob("*")]
        modes = {stat.filemode(path.stat().st_mode) for path in made}
        assert modes == {"drwx------", "-rw-------"}

    def test_what_others_left_there_is_none_of_ours(self, contents):
        """DOMAIN E4: a sweep lets it lie."""
        contents.put([WHOLE])
        (contents.folder / DIGEST[:2] / ".nfs0001").write_text("of the file server")
        assert [one.digest for one in contents.lying(DIGEST[:2])] == [DIGEST]

    def test_a_folder_that_cannot_be_used_is_told_without_its_name(self, tmp_path):
        """DOMAIN G2: it is ours to mend, and the sender may come again."""
        (tmp_path / "taken").write_text("no folder")
        with pytest.raises(Unavailable, match="the folder of attachments") as told:
            FolderContents(tmp_path / "taken").put([WHOLE])
        assert str(tmp_path) not in str(told.value)


@pytest.fixture(scope="module")
def s3():
    """An S3 store that nobody here wrote, with two buckets."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    yield boto3.client("s3", endpoint_url=endpoint, region_name=REGION, **KEYS)
    server.stop()


class TestS3(ContentsContract):
    """A bucket keeps them."""

    @pytest.fixture
    def bucket(self, s3):
        s3.create_bucket(Bucket=NAME)
        yield Bucket(s3.meta.endpoint_url, NAME, REGION, "AKIDTEST", "secret", "vaxel")
        for one in s3.list_objects_v2(Bucket=NAME).get("Contents", ()):
            s3.delete_object(Bucket=NAME, Key=one["Key"])
        s3.delete_bucket(Bucket=NAME)

    @pytest.fixture
    def contents(self, bucket):
        return S3Contents(bucket)

    @pytest.fixture
    def spoil(self, s3):
        return lambda digest, data: s3.put_object(
            Bucket=NAME, Key=f"vaxel/{digest[:2]}/{digest}", Body=data
        )

    def test_no_room_to_gather_is_told_as_such(self, contents, monkeypatch, tmp_path):
        """DOMAIN G2: a disk that is full is ours to mend, and the sender may come again."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
        with pytest.raises(Unavailable, match="temporary files") as told:
            contents.put([WHOLE])
        assert str(tmp_path) not in str(told.value)

    def test_keys_are_never_shown(self, bucket):
        """DOMAIN G1: not in logs, and not in exceptions."""
        assert "secret" not in repr(bucket)

    def test_a_bucket_that_cannot_be_used_is_told_without_its_address(self, bucket, s3):
        """DOMAIN G2: it is ours to mend, and the sender may come again."""
        nowhere = S3Contents(Bucket(bucket.endpoint, "nobodys", REGION, "a", "b"))
        with pytest.raises(Unavailable, match="the bucket of attachments") as told:
            nowhere.put([WHOLE])
        assert "127.0.0.1" not in str(told.value)
