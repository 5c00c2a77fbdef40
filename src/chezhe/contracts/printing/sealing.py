"""The register of seals: who asked, who stamped, what, how often."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import Seal, SealUse
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError

COPIES_MAX = 20
NAME_MAX = 60


class SealAway(BusinessError):
    code = "seal_away"
    sentence = _("印章 %(seal)s 已停用，不能再用。")


class SealAskedAlready(BusinessError):
    code = "seal_asked"
    sentence = _("这份文本已申请加盖 %(seal)s（%(number)s），等待用印。")


class OwnRequest(BusinessError):
    code = "seal_own_request"
    sentence = _("%(number)s 由您申请，须由另一位同事用印。")


def uses(actor: Actor) -> QuerySet[SealUse]:
    """The register inside somebody's reach, newest first."""
    rows = SealUse.objects.visible_to(actor).select_related("seal", "paper__contract__customer").defer("paper__data", "paper__signer_paper")
    return rows.order_by("-pk")


def waiting(actor: Actor) -> QuerySet[SealUse]:
    """待用印."""
    return uses(actor).filter(status="asked")


def seals(actor: Actor) -> QuerySet[Seal]:
    """The seals that the branches in somebody's reach keep."""
    return Seal.objects.visible_to(actor).select_related("branch")


def require_other(use: SealUse, by: Actor) -> None:
    """Raises OwnRequest (409): who asks for a seal does not use it, nor does somebody they stand in for."""
    if set(use.asked_by_ids) & by.user_ids:
        raise OwnRequest(number=use.number)
