from __future__ import annotations

from collections.abc import Sequence

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.screening import lists, permissions
from chezhe.risk.screening.models import ListVersion


@action(permissions.IMPORT_LIST)
def import_watch_list(*, heading: lists.Heading, entries: Sequence[lists.Entry], by: Actor) -> ListVersion:
    """Bring in a version of a list; the worker then holds every customer against it."""
    require_whole_house(by)
    return lists.bring_in(heading, entries, by)
