"""A signature failed: once more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, Signing
from chezhe.contracts.signing import queries, steps
from chezhe.contracts.signing.steps import Place
from chezhe.contracts.states import SIGNING
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.SIGN, label=_("重试电子签名"))
def retry_signing(*, signing_number: str, by: Actor) -> Signing:
    """Let the worker try again what the party has already agreed to. Raises BusinessHeld or WrongState (409)."""
    found = Signing.objects.visible_to(by).select_related("contract", "party", "link").fetch(signing_number)
    contract = Contract.objects.lock(found.contract.number)
    found = Signing.objects.select_related("party", "link").get(pk=found.pk)
    SIGNING.require(found.status, "retry")
    steps.require_open(contract, by=by)
    return steps.ask(
        queries.standing(contract), found.party, channel=found.channel, place=Place(found.device, found.address), link=found.link, by=by)
