"""What a run came to, in figures that add up: by class, stage, product and branch, and from the run before to this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from chezhe.ledger import chart
from chezhe.servicing.quality.rules import CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

FIGURES = ("loans", "exposure", "expected", "regulatory", "allowance")
# Rows of the movement table. What moved in is what moved out; opening and all the others make closing.
OPENING, NEW, MOVED_IN, MOVED_OUT, REMEASURED, RELEASED, WRITTEN_OFF, CLOSING = MOVEMENT = (
    "opening", "new", "moved_in", "moved_out", "remeasured", "released", "written_off", "closing",
)
# Rows of the bridge to the ledger.
BRIDGE = ("opening", "charged", "written_off", "recovered", "other", "closing")
PROVISION_EVENT, MANUAL_EVENT = "provision", "manual"
_LOAN_ACCOUNTS = (chart.LOAN_PRINCIPAL, chart.INTEREST_RECEIVABLE, chart.FEE_RECEIVABLE, chart.WRITE_OFF)


def summed(keys: Ints, columns: Sequence[Ints]) -> dict[str, dict[str, int]]:
    """FIGURES by key; `columns` are exposure, expected, regulatory and allowance."""
    import numpy as np

    found, at, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = [counts]
    for column in columns:
        total = np.zeros(len(found), dtype=np.int64)
        np.add.at(total, at.reshape(-1), column)
        sums.append(total)
    return {str(key): {name: int(one[place]) for name, one in zip(FIGURES, sums, strict=True)} for place, key in enumerate(found.tolist())}


def movement(moves: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, dict[str, int]]]:
    """The movement table by class and by stage: by row, by column, in fen. `moves` are those of `writing.moves_between`."""
    by_class: dict[str, Counter[str]] = {row: Counter() for row in MOVEMENT}
    by_stage: dict[str, Counter[str]] = {row: Counter() for row in MOVEMENT}
    for class_before, stage_before, class_after, stage_after, was_written_off, _loans, before, after in moves:
        _move(by_class, class_before, class_after, was_written_off, before, after)
        _move(by_stage, stage_before, stage_after, was_written_off, before, after)
    return {"by_class": _filled(by_class, [c.value for c in CLASSES]), "by_stage": _filled(by_stage, ["1", "2", "3"])}


def _move(table: dict[str, Counter[str]], old: Any, new: Any, was_written_off: bool, before: int, after: int) -> None:
    left, came = str(old), str(new)
    if old is not None:
        table[OPENING][left] += before
    if new is not None:
        table[CLOSING][came] += after
    if old is None:
        table[NEW][came] += after
    elif new is None:
        table[WRITTEN_OFF if was_written_off else RELEASED][left] -= before
    else:
        if left != came:
            table[MOVED_OUT][left] -= before
            table[MOVED_IN][came] += before
        table[REMEASURED][came] += after - before


def _filled(table: dict[str, Counter[str]], columns: list[str]) -> dict[str, dict[str, int]]:
    return {row: {column: counts[column] for column in columns} for row, counts in table.items()}


def bridge(opening_fen: int, moved: Iterable[tuple[str, str, int]], closing_fen: int, *, is_posted: bool) -> tuple[dict[str, int], int]:
    """The ledger's allowance from the run before to this one, by BRIDGE rows, and what does not add up (0 when all is well).

    `moved` are event, account on the other side and fen. Before a run is posted, `charged` is what posting would book.
    """
    rows = dict.fromkeys(BRIDGE, 0) | {"opening": opening_fen, "closing": closing_fen}
    for event, other, fen in moved:
        rows[_row_of(event, other)] += fen
    so_far = sum(rows[row] for row in BRIDGE if row != "closing")
    if is_posted:
        return rows, closing_fen - so_far
    rows["charged"] += closing_fen - so_far
    return rows, 0


def _row_of(event: str, other: str) -> str:
    if event == MANUAL_EVENT:
        return "other"
    if other == chart.PROVISION_EXPENSE:
        return "charged"
    return "written_off" if other in _LOAN_ACCOUNTS else "recovered"
