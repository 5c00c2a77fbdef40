"""How far the computation of a run has come, told beside its transaction: the run itself is there whole, or not at all.

The rows are written by a connection of their own, so that a page sees them while the transaction that computes is still open. They
say nothing that counts: a crash leaves a stale one behind, which the next attempt overwrites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from chezhe.kernel import clock

# The stages in their order, with the hundredths of the work that are done when each begins.
READING, GRADING, LOSSES, WRITING, ADDING = "reading", "grading", "losses", "writing", "adding"
BEGINS = {READING: 0, GRADING: 20, LOSSES: 25, WRITING: 50, ADDING: 95}
_TELL = """
INSERT INTO servicing_provisionprogress (run_id, stage, done, loans, started_at, told_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (run_id) DO UPDATE SET stage = excluded.stage, done = excluded.done, loans = excluded.loans, told_at = excluded.told_at,
  started_at = CASE WHEN excluded.stage = 'reading' THEN excluded.started_at ELSE servicing_provisionprogress.started_at END
"""
_FORGET = "DELETE FROM servicing_provisionprogress WHERE run_id = %s"
Tell = Callable[[str, int, int], None]
"""Stage, loans done in it, loans in all."""


@contextmanager
def told(run_id: int) -> Iterator[Tell]:
    """Inside, whoever computes tells how far it is; afterwards nothing is left of it."""
    beside = connection.copy()

    def tell(stage: str, done: int = 0, loans: int = 0) -> None:
        now = clock.now()
        with beside.cursor() as cursor:
            cursor.execute(_TELL, [run_id, stage, done, loans, now, now])

    try:
        tell(READING)
        yield tell
        with beside.cursor() as cursor:
            cursor.execute(_FORGET, [run_id])
    finally:
        beside.close()


def hundredths(stage: str, done: int, loans: int) -> int:
    """How much of the whole is done, of 100; inside the stage of writing by the loans written."""
    begun = BEGINS[stage]
    return begun + ((BEGINS[ADDING] - begun) * done // loans if stage == WRITING and loans else 0)
