"""The signatures of a sitting have been made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, ContractPaper, Signing
from chezhe.contracts.signing import steps
from chezhe.contracts.signing.steps import Signed
from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RECORD_SIGNATURES, label=_("登记电子签名"))
def record_signatures(*, signing_number: str, attempt: int, signed: Collection[Signed], business_date: date, by: Actor) -> Signing:
    """Keep the papers as they came back; once all of a sitting are there, it is done. What comes twice, late or for a contract that was
    given up changes nothing; what was put under an older form of a paper is made anew."""
    found = Signing.objects.select_related("contract").get(number=signing_number)
    contract = Contract.objects.lock(found.contract.number)
    signing = Signing.objects.select_for_update(of=("self",), no_key=True).select_related("party__customer", "link").get(pk=found.pk)
    if signing.status != "asked" or signing.attempt != attempt or contract.status != "prepared":
        return signing
    signing.contract = contract
    papers = {paper.pk: paper for paper in ContractPaper.objects.filter(pk__in=signing.paper_ids).select_related("file")}
    kept = steps.keep(signing, papers, signed, by=by)
    if signing.signatures.count() == len(papers):
        steps.finish(signing, business_date, by=by)
    elif kept < len(signed):
        jobs.enqueue(steps.JOB, number=signing.number)
    return signing
