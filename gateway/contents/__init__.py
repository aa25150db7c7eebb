"""Where the bytes of attachments are kept: a folder, or a store that speaks S3."""

from gateway.contents.folder import FolderContents
from gateway.contents.s3 import Bucket, S3Contents

__all__ = ["Bucket", "FolderContents", "S3Contents"]
