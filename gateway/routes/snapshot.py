"""The last publication that a node used, in a file: for a start without the database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import structlog

from gateway.domain.publication import Files, Publication
from gateway.flow.archive import packed, unpacked
from gateway.routes.replacing import replaced

log = structlog.get_logger()

# Beside the files of the publication: which one it is. No rules may have this name.
_ABOUT = ".publication"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file, replaced whole; whoever cannot write it goes on without."""

    place: Path

    def keep(self, publication: Publication, files: Files) -> None:
        """Replace what was kept."""
        try:
            self.place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replaced(self.place, packed({**files, _ABOUT: orjson.dumps(publication)}))
        except OSError as error:
            log.warning("routes.no_snapshot", reason=error.strerror)

    def read(self) -> tuple[Publication, Files] | None:
        """Give what was kept; None when there is nothing, or nothing that can be read."""
        try:
            files = dict(unpacked(self.place.read_bytes()))
            about = orjson.loads(files.pop(_ABOUT))
            at = datetime.fromisoformat(about.pop("published_at"))
            return Publication(**about, published_at=at), files
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("routes.snapshot_unreadable", reason=type(error).__name__)
            return None
