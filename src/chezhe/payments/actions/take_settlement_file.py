"""The channel's settlement file of a day has come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, events, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import ChannelFile, ChannelLine
from chezhe.payments.reconciliation import gathering, judging
from chezhe.payments.reconciliation.taken import TakenFile
from chezhe.payments.vendors.bank.settlement import SettlementFile

# A line of a file that was sent anew is the old one when all of this is the same.
_SAME = ("reference", "kind", "serial", "amount", "done_on", "row_number")


@action(permissions.SETTLE_PAYOUT, label=_("接收渠道对账文件"))
def take_settlement_file(*, file: SettlementFile, by: Actor) -> TakenFile:
    """Keep every line as the file says it, and lay it beside bank and ledger. The same file again changes nothing.

    A file of a day that was sent anew brings only lines that no file of the day has brought.
    """
    locks.hold("payments.reconcile")
    standing = ChannelFile.objects.filter(digest=file.digest).first()
    if standing is not None:
        return TakenFile(standing, 0)
    known = set(ChannelLine.objects.filter(file__day=file.day).values_list(*_SAME))
    kept = ChannelFile.objects.create(
        day=file.day, name=file.name, digest=file.digest, line_count=len(file.lines), fetched_at=clock.now(),
        strangers=sum(line.done_on != file.day for line in file.lines),
    )
    rows = [
        ChannelLine(
            file=kept, row_number=line.row_number, kind=line.kind, reference=line.reference, serial=line.serial, done_on=line.done_on,
            amount=-line.amount if line.kind == "payout" else line.amount, fee=line.fee,
        )
        for line in file.lines
    ]
    fresh = [row for row in rows if tuple(getattr(row, name) for name in _SAME) not in known]
    ChannelLine.objects.bulk_create(fresh)
    gathering.gather()
    judging.judge_again(file.day)
    events.publish("settlement_file.taken", f"channel_file:{kept.day.isoformat()}", {"day": kept.day.isoformat(), "lines": len(fresh)})
    return TakenFile(kept, len(fresh))
