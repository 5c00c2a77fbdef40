"""The press works in the background: compile outside any transaction, then keep what was made."""

from __future__ import annotations

import time

from chezhe.contracts.actions.keep_printed_set import keep_printed_set
from chezhe.contracts.actions.note_printing_failed import note_printing_failed
from chezhe.contracts.models import PrintRun
from chezhe.contracts.printing import pressing, steps
from chezhe.documents.papers.press import GlyphMissing
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job


@job(steps.JOB)
def print_set(run: int) -> None:
    """Print what a run asks for. A run that is over prints nothing again; the same papers give the same bytes."""
    asked = PrintRun.objects.filter(pk=run, status="asked").select_related("contract").first()
    if asked is None:
        return
    number, began = asked.contract.number, time.perf_counter()
    try:
        printed = pressing.pressed(steps.asked_of(asked))
    except GlyphMissing as refusal:
        note_printing_failed(contract_number=number, run_id=run, failure=str(refusal), by=SYSTEM)
        return
    millis = round((time.perf_counter() - began) * 1000)
    keep_printed_set(contract_number=number, run_id=run, printed=printed, millis=millis, by=SYSTEM)
