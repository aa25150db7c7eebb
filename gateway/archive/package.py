"""The package: a ZIP whose bytes are the same whenever the same case is packed (DOMAIN E3)."""

import hashlib

import orjson

from gateway.archive.document import document
from gateway.archive.notation import Shelf, file_to_json, timeline_to_json
from gateway.archive.xml import to_xml
from gateway.domain.notation import Json
from gateway.flow.archive import packed
from gateway.flow.archive_package import CaseFile


def write_package(file: CaseFile) -> bytes:
    """Pack a case: JSON, XML, PDF/A, attachments, timeline, how to verify it, and checksums."""
    # Only here: fonts and their tools take time and memory that few processes ever need.
    from gateway.archive.pdf import to_pdf

    shelf = Shelf()
    whole = file_to_json(file, shelf)
    files = {
        "README.txt": _README.encode(),
        "case.json": _json(whole),
        "case.xml": to_xml("caseFile", whole),
        "case.pdf": to_pdf(document(file, whole)),
        "timeline.json": _json(timeline_to_json(file)),
        **shelf.files,
    }
    return packed(files | {"checksums.txt": _checksums(files)})


def _json(values: Json) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _checksums(files: dict[str, bytes]) -> bytes:
    """Write them as `sha256sum -c` reads them."""
    lines = (f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return "".join(lines).encode()


_README = """\
Ett ärende ur Växel, helt och hållet. A case out of Växel, whole.

case.pdf        läsbar handling (PDF/A-2u) / for reading
case.json       alla uppgifter utom tidslinjen / all data but the timeline
case.xml        detsamma som XML / the same as XML
attachments/    bifogade filer; namn, och om någon är förlorad, i case.json
attachments/    files; names, and whether any is lost, stand in case.json
timeline.json   allt som har hänt ärendet, kedjat / everything that happened, chained
checksums.txt   SHA-256 för varje fil / of each file:  sha256sum -c checksums.txt

Så kontrolleras tidslinjen / How the timeline is verified

Varje post har en hash, SHA-256 i hexadecimal form, över hashen i posten före följd av posten.
Före den första posten står sextiofyra nollor. Posten skrivs som en JSON-lista i UTF-8 utan
blanka, med nycklarna i details i bokstavsordning: [number, step, at, actor, details].

Each entry has a hash, SHA-256 in hex, over the hash of the entry before followed by the entry.
Before the first are sixty-four zeros. An entry is written as a JSON list in UTF-8 without
blanks, the keys of details sorted: [number, step, at, actor, details]. In Python:

    import hashlib, json
    previous = "0" * 64
    for e in json.load(open("timeline.json", encoding="utf-8"))["entries"]:
        entry = [e["number"], e["step"], e["at"], e["actor"], e["details"]]
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        previous = hashlib.sha256((previous + text).encode()).hexdigest()
        assert previous == e["hash"], e["number"]

En post som har ändrats, tagits bort eller lagts till bryter kedjan. Att poster saknas i slutet
ser bara den som har en senare hash.

An entry that was changed, removed or put in breaks the chain. That entries are missing at the
end shows only to somebody who has a later hash.
"""
