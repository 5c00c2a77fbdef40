"""The keeper stamps a paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import errors, permissions, queries
from chezhe.contracts.models import SealUse
from chezhe.contracts.printing import sealing
from chezhe.contracts.printing.states import SEAL_USE
from chezhe.kernel import clock, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.USE_SEAL, label=_("在文本上用印"))
def stamp_paper(*, use_number: str, by: Actor) -> SealUse:
    """Write down that the paper was stamped, by somebody who did not ask for it.

    Raises NotFound (404), WrongState, OwnRequest, SealAway, or PaperVoid (409) for a paper that was replaced meanwhile.
    """
    use = SealUse.objects.visible_to(by).lock(use_number)
    SEAL_USE.require(use.status, "stamp")
    sealing.require_other(use, by)
    if not use.seal.is_kept:
        raise sealing.SealAway(seal=use.seal.name)
    if not queries.counts(use.paper):
        raise errors.PaperVoid(code=use.paper.code)
    use.stamped_at, use.stamped_by_name = clock.now(), by.name
    use.save(update_fields=["stamped_at", "stamped_by_name"])
    moves.move(use, SEAL_USE, "stamp", by=by)
    told = {"number": use.number, "contract": use.paper.contract.number, "code": use.paper.code}
    events.publish("contract.paper_sealed", use.subject, told)
    return use
