"""The press could not make the papers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, PrintRun
from chezhe.contracts.printing import steps
from chezhe.contracts.printing.states import PRINT_RUN
from chezhe.kernel import clock, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_PAPERS, label=_("登记文本制作失败"))
def note_printing_failed(*, contract_number: str, run_id: int, failure: str, by: Actor) -> PrintRun:
    """Say why, so that whoever waits for the papers knows what to do; a run that is over stays as it is."""
    contract = Contract.objects.lock(contract_number)
    run = PrintRun.objects.get(pk=run_id, contract=contract)
    if run.status != "asked":
        return run
    run.status, run.failure, run.finished_at = PRINT_RUN.require(run.status, "fail"), failure[: steps.FAILURE_MAX], clock.now()
    run.save(update_fields=["status", "failure", "finished_at"])
    events.publish("contract.printing_failed", contract.subject, {"number": contract.number})
    return run
