"""What a proposal of routes would change, as an answer."""

from typing import ClassVar

from pydantic import Field

from gateway.domain.case import Kind
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_UNIT
from gateway.facade.rest.shape import Time, Told
from gateway.routes.difference import Change, How, What
from gateway.routes.moves import Move
from gateway.routes.publishing import Proposal

# A whole new table differs in everything; its counts say enough.
MOST_SHOWN = 1000


class ChangeAnswer(Told):
    """One thing that would be different."""

    region: str = Field(examples=["stockholm"])
    what: What
    name: str = Field(description="Which one.", examples=[A_UNIT])
    how: How
    words: str = Field(
        description="How it is, and how it would be.",
        examples=["Akutmottagningen Solna, @parent ⇒ Akutmottagningen Solna, stockholm/avvikelse"],
    )

    EXAMPLE: ClassVar[Json] = {
        "region": "stockholm",
        "what": "unit",
        "name": A_UNIT,
        "how": "changed",
        "words": "Akutmottagningen Solna, @parent ⇒ Akutmottagningen Solna, stockholm/avvikelse",
    }


class MoveAnswer(Told):
    """A unit whose new cases of a kind would go elsewhere."""

    unit_hsa_id: str = Field(examples=[A_UNIT])
    unit_name: str = Field(examples=["Akutmottagningen Solna"])
    kind: Kind
    before: str | None = Field(
        None, description="Where they go; left out for nowhere.", examples=["stockholm/inkorg"]
    )
    after: str | None = Field(
        None,
        description="Where they would go; left out for nowhere.",
        examples=["stockholm/avvikelse"],
    )
    from_time: Time | None = Field(None, description="From when; at once if left out.")
    open_cases: int = Field(
        description="How many cases of the unit wait for an answer; they stay where they are.",
        examples=[3],
    )

    EXAMPLE: ClassVar[Json] = {
        "unitHsaId": A_UNIT,
        "unitName": "Akutmottagningen Solna",
        "kind": "COMPLAINT",
        "before": "stockholm/inkorg",
        "after": "stockholm/avvikelse",
        "openCases": 3,
    }


class LeftBehind(Told):
    """A destination that would be gone, with cases that wait for an answer from it."""

    destination: str = Field(examples=["stockholm/gammal"])
    open_cases: int = Field(examples=[12])

    EXAMPLE: ClassVar[Json] = {"destination": "stockholm/gammal", "openCases": 12}


class ProposalAnswer(Told):
    """All that would be different; of very many, the first thousand."""

    version: str = Field(description="A short hash of the files.", examples=["5f2c9e0a71d3"])
    change_count: int = Field(examples=[1])
    move_count: int = Field(examples=[1])
    changes: tuple[ChangeAnswer, ...]
    moves: tuple[MoveAnswer, ...]
    left_behind: tuple[LeftBehind, ...]

    EXAMPLE: ClassVar[Json] = {
        "version": "5f2c9e0a71d3",
        "changeCount": 1,
        "moveCount": 1,
        "changes": [ChangeAnswer.EXAMPLE],
        "moves": [MoveAnswer.EXAMPLE],
        "leftBehind": [],
    }


def proposal_answer(proposal: Proposal) -> ProposalAnswer:
    """Tell what a proposal would change."""
    found = proposal.difference
    return ProposalAnswer(
        version=proposal.table.version,
        change_count=len(found.changes),
        move_count=len(found.moves),
        changes=tuple(map(_change, found.changes[:MOST_SHOWN])),
        moves=tuple(map(_move, found.moves[:MOST_SHOWN])),
        left_behind=tuple(
            LeftBehind(destination=name, open_cases=count)
            for name, count in sorted(found.left_behind.items())
        ),
    )


def _change(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        region=change.region,
        what=change.what,
        name=change.name,
        how=change.how,
        words=change.words,
    )


def _move(move: Move) -> MoveAnswer:
    return MoveAnswer(
        unit_hsa_id=move.unit.text,
        unit_name=move.unit_name,
        kind=move.kind,
        before=move.before,
        after=move.after,
        from_time=move.at,
        open_cases=move.open_cases,
    )
