"""The press has made the papers that were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, PrintRun
from chezhe.contracts.printing import steps
from chezhe.contracts.printing.pressing import Pressed
from chezhe.contracts.printing.states import PRINT_RUN
from chezhe.kernel import clock, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_PAPERS, label=_("保存制成的合同文本"))
def keep_printed_set(*, contract_number: str, run_id: int, printed: Sequence[Pressed], millis: int, by: Actor) -> PrintRun:
    """Keep the papers of a run; one that is over already keeps what it has, and a contract that became void meanwhile gets none."""
    contract = Contract.objects.lock(contract_number)
    run = PrintRun.objects.select_related("replaces", "contract").get(pk=run_id, contract=contract)
    if run.status != "asked":
        return run
    verb = "fail" if contract.status == "void" else "print"
    if verb == "print":
        steps.keep(run, printed, by=by)
    run.status = PRINT_RUN.require(run.status, verb)
    run.failure = "" if verb == "print" else str(_("合同已作废。"))
    run.papers, run.finished_at, run.millis = "[]", clock.now(), millis
    run.save(update_fields=["status", "failure", "papers", "finished_at", "millis"])
    if verb == "print":
        name = "contract.paper_reprinted" if run.replaces_id else "contract.papers_printed"
        events.publish(name, contract.subject, {"number": contract.number, "papers": run.count})
    return run
