"""The tables of the vault: what is kept, every move of it, and stock-takes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral.states import CUSTODY, STOCK_TAKE
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

CUSTODY_PREFIX = numbers.register("QZ", "custody")
STOCK_TAKE_PREFIX = numbers.register("PD", "stock take")
CERTIFICATE = "certificate"
CUSTODY_KINDS = [(CERTIFICATE, _("机动车登记证书")), ("key", _("车钥匙")), ("paper", _("其他权证"))]
CUSTODY_VERBS = [("keep", _("入库")), ("lend", _("借出")), ("give_back", _("归还入库")), ("hand_out", _("出库"))]
FINDINGS = [("missing", _("盘亏")), ("surplus", _("盘盈"))]


class CustodyItem(models.Model):
    """A registration certificate, a key or another paper; its number is its barcode. `holder` is who has it while it is not here."""

    number = Code(unique=True)
    status = models.CharField(max_length=4, choices=CUSTODY.choices(), default="kept")
    kind = models.CharField(max_length=11, choices=CUSTODY_KINDS)
    serial = Code(privacy=C1, blank=True, default="")
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="custody")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="custody")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    place = Text(privacy=PUBLIC, max_length=40, blank=True, default="")
    holder = Text(privacy=C2, max_length=80, blank=True, default="")
    due_back = models.DateField(null=True)
    kept_on = models.DateField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "contract__owner_id"

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], name="custody_one_certificate", condition=Q(kind="certificate", status__in=["kept", "lent"])),
            models.CheckConstraint(name="custody_due_back", condition=Q(status="lent", due_back__isnull=False) | ~Q(status="lent")),
        ]
        indexes = [
            models.Index(fields=["branch", "status"], name="custody_branch_status"),
            models.Index(fields=["due_back"], name="custody_lent", condition=Q(status="lent")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"custody:{self.number}"

    def is_overdue(self, on: date) -> bool:
        """Whether it should have come back before a day."""
        return self.status == "lent" and self.due_back is not None and self.due_back < on


class CustodyMove(models.Model):
    """One move, for ever: who, when, to whom, why, and until when."""

    item = models.ForeignKey(CustodyItem, on_delete=models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=9, choices=CUSTODY_VERBS)
    moved_on = models.DateField()
    moved_at = models.DateTimeField()
    moved_by_name = Text(privacy=C2, max_length=80)
    holder = Text(privacy=C2, max_length=80, blank=True, default="")
    reason = Text(privacy=C1, max_length=200, blank=True, default="")
    due_back = models.DateField(null=True)
    place = Text(privacy=PUBLIC, max_length=40, blank=True, default="")

    class Meta:
        ordering = ["id"]


class StockTake(models.Model):
    """A branch counts what lies in its vault: everything is scanned, then what is missing and what is too much is written down."""

    number = Code(unique=True)
    status = models.CharField(max_length=6, choices=STOCK_TAKE.choices(), default="open")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by_name = Text(privacy=C2, max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    expected_count = models.PositiveIntegerField(null=True)
    found_count = models.PositiveIntegerField(null=True)
    missing_count = models.PositiveIntegerField(null=True)
    surplus_count = models.PositiveIntegerField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", None

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["branch"], name="stock_take_one_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"stock_take:{self.number}"


class StockTakeScan(models.Model):
    """One barcode that was read; `item` is None for one that nobody knows."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="scans")
    code = Code()
    item = models.ForeignKey(CustodyItem, on_delete=models.PROTECT, null=True, related_name="+")
    scanned_at = models.DateTimeField()
    scanned_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["stock_take", "code"], name="stock_take_scan_once")]


class StockTakeFinding(models.Model):
    """What a stock-take found wrong, as it stood when it was closed."""

    stock_take = models.ForeignKey(StockTake, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=7, choices=FINDINGS)
    code = Code()
    item = models.ForeignKey(CustodyItem, on_delete=models.PROTECT, null=True, related_name="+")
    status_then = Code(max_length=10, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["stock_take", "code"], name="stock_take_finding_once")]
