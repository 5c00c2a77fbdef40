"""Every decision decided once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chezhe.risk.deciding import queries, replaying
from chezhe.risk.deciding.replaying import Replay

AT_ONCE = 200


def replays(numbers: Iterable[str] = (), *, tell: Callable[[int], None] | None = None) -> Iterator[Replay]:
    """The replay of each decision, oldest first; of the named ones only where there are any. `tell` hears how many are done."""
    for done, row in enumerate(queries.everything(numbers).iterator(chunk_size=AT_ONCE), start=1):
        yield replaying.replay(row)
        if tell is not None and done % AT_ONCE == 0:
            tell(done)


def words(found: Replay) -> str:
    """What is wrong with a decision that did not come to the same bytes."""
    return f"{found.number}: {found.trouble or 'differs in ' + ', '.join(found.differs)} ({found.kept[:12]} ≠ {found.made[:12] or '—'})"
