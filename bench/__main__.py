"""`make bench`: measure everything in one run, write the report, and print its tables."""

import json
from dataclasses import asdict
from pathlib import Path

from bench.limits import limits
from bench.measures import Measures, measure
from bench.sections import accepted_plot, sections

HERE = Path(__file__).parent


def write(measures: Measures, folder: Path) -> str:
    """Write the report, its plot and all figures into a folder; gives the report."""
    told = {
        "limits": [asdict(one) | {"kept": one.kept} for one in limits(measures)],
        **asdict(measures),
    }
    (folder / "report.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    (folder / "accepted.svg").write_text(accepted_plot(measures.accepted))
    text = "\n".join(sections(measures))
    (folder / "REPORT.md").write_text(text)
    return text


if __name__ == "__main__":
    print(write(measure(), HERE))
