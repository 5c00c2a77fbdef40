"""The loan after payout: its terms, its schedule in one row, and its append-only life."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.finmath.terms import DayCount
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet, Through
from chezhe.servicing.position import CHANGES
from chezhe.servicing.states import END_OF_DAY, LOAN, LOAN_CHANGE


class WholeNumber(models.DecimalField):
    """A whole number of any size this side of 10^40, as Python's int."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "max_digits": 40, "decimal_places": 0})

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {key: value for key, value in options.items() if key not in ("max_digits", "decimal_places")}

    def from_db_value(self, value: Any, *_: Any) -> int | None:
        return None if value is None else int(value)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, int) else super().to_python(value)


PREFIX = numbers.register("L", "loan")
CHANGE_PREFIX = numbers.register("LC", "loan change")
# Events by which the borrower's money came in, those that tell what people decided, and all that the fold sees.
MONEY_KINDS = ("repaid", "settled", "prepaid", "insured")
CHANGE_KINDS = tuple(CHANGES)
FOLDED_KINDS = (*MONEY_KINDS, *CHANGE_KINDS)
# What is taken back by its own verb, when the bank has not paid.
NOT_REVERSIBLE = ("refunded", "refund_paid", "held", "resumed", "undone")


class Loan(models.Model):
    """The balances cache the fold of the events on the morning of `as_of`; on the morning of `next_event_on` something
    has happened by the calendar alone. `accrual_…` is the loan's share in the accrual of its group (`finmath.shares`).
    """

    number = Code(unique=True)
    status = models.CharField(max_length=12, choices=LOAN.choices(), default="active")
    contract = models.OneToOneField("contracts.Contract", on_delete=models.PROTECT, related_name="loan")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="loans")
    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")

    principal = MoneyField()
    annual_rate = RateField(null=True)
    periods = models.PositiveSmallIntegerField()
    paid_out_on = models.DateField()
    # Came from another system's books on the evening of this day.
    taken_over_on = models.DateField(null=True)
    matures_on = models.DateField()

    as_of = models.DateField()
    next_event_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    recognised = models.PositiveSmallIntegerField(default=0)
    principal_left = MoneyField()
    principal_due = MoneyField(default=0)
    interest_due = MoneyField(default=0)
    fee_due = MoneyField(default=0)
    unapplied = MoneyField(default=0)
    deposit = MoneyField(default=0)
    oldest_due_on = models.DateField(null=True)
    # How its interest runs: a day count, or `flat` for charges that do not depend on the balance.
    runs_on = Code(max_length=7, default=DayCount.ACT_365.value)
    off_book_after_days = models.PositiveSmallIntegerField(default=90)
    is_off_book = models.BooleanField(default=False)
    accrued_out = MoneyField(default=0)
    accrual_basis = models.CharField(max_length=7, choices=[(basis.value, basis.value) for basis in DayCount], default=DayCount.ACT_365)
    accrual_denominator = models.BigIntegerField(default=1)
    accrual_weight = WholeNumber(default=0)
    accrual_origin = WholeNumber(default=0)
    settled_on = models.DateField(null=True)
    # Restructured: watched until this day.
    observed_until = models.DateField(null=True)
    # When it was in arrears, from the first time that was long (`rules.spells_of`), and since when it is free of them.
    arrears = Json(privacy=C1, null=True)
    performing_since = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "owner_id"
    scope_customer = ("customer_id", Through("contract__parties__customer_id", models.Q(contract__parties__role="co_borrower")))
    scope_dealer = "contract__application__dealer_id"

    class Meta:
        # No index names a column that money or the calendar changes: then PostgreSQL writes a row's next version beside it, in the
        # space that the table leaves for it on every page, and touches no index at all. The close of a day reads its ids in order.
        constraints = [
            models.CheckConstraint(
                name="loan_balances_not_negative",
                condition=models.Q(principal_left__gte=0, interest_due__gte=0, fee_due__gte=0, unapplied__gte=0, deposit__gte=0),
            )
        ]
        indexes = [
            models.Index(fields=["branch", "status", "-id"], name="loan_branch_status"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"loan:{self.number}"

    @property
    def begun_on(self) -> date:
        """The first day of which our books know the loan."""
        return self.taken_over_on or self.paid_out_on

    def days_past_due(self, on: date) -> int:
        """For `on`, from the oldest unpaid due date; exact while the row is brought up to date every day."""
        return max(0, (on - self.oldest_due_on).days) if self.oldest_due_on else 0


class Schedule(models.Model):
    """A repayment plan in one row: parallel arrays, one place an instalment. Versions are never changed.

    `terms` (`finmath.contract.ContractTerms`) are what made it: of the first version what the contract fixed. `arrears_fen` is
    interest of an older plan that falls due with a line (a restructuring); such loans take the fold at the close of a day.
    `brought` (`position.Brought`) says in the first version of a loan taken over how it stood on that evening.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="schedules", db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    effective_on = models.DateField()
    due_dates = ArrayField(models.DateField())
    principal_fen = ArrayField(models.BigIntegerField())
    interest_fen = ArrayField(models.BigIntegerField())
    fee_fen = ArrayField(models.BigIntegerField())
    arrears_fen = ArrayField(models.BigIntegerField(), null=True)
    terms = Json(privacy=C1, null=True)
    brought = Json(privacy=C1, null=True)

    due_dates.privacy = principal_fen.privacy = interest_fen.privacy = fee_fen.privacy = arrears_fen.privacy = C1

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "version"], name="schedule_version_once")]


class LoanEvent(models.Model):
    """One thing that happened, on its value date; `amount` came from account `source`. Never changed, only reversed."""

    KINDS = [
        ("paid_out", _("放款")), ("aged", _("逾期加深")), ("off_book", _("利息转表外")),
        ("repaid", _("还款")), ("settled", _("提前结清")), ("prepaid", _("部分提前还款")), ("reversed", _("冲正")),
        ("charged", _("收费")), ("refunded", _("退款待付")), ("refund_paid", _("退款付出")), ("waived", _("减免")),
        ("due_day", _("变更还款日")), ("holiday", _("延期还款")), ("extended", _("展期")), ("restructured", _("重组")),
        ("repriced", _("利率调整")), ("accelerated", _("提前到期")), ("written_off", _("核销")),
        ("insured", _("保险赔款")), ("deposited", pgettext_lazy("event", "存入保证金")),
        ("deposit_used", _("保证金抵扣")), ("subsidised", _("财政贴息")), ("taken_over", _("存量迁入")), ("paid_before", _("原系统还款")),
        ("vehicle_released", _("解押一辆车")), ("held", _("放款退回")), ("resumed", _("重新放款")), ("undone", _("撤销放款")),
    ]
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=20, choices=KINDS)
    value_on = models.DateField()
    posted_on = models.DateField()
    recorded_at = models.DateTimeField()
    amount = MoneyField(default=0)
    source = Code(blank=True)
    reference = Code(unique=True, max_length=100)
    payer = Text(privacy=C2, max_length=100, blank=True)
    memo = LongText(privacy=C2, blank=True)
    facts = Json(privacy=C1, default=dict)
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    actor_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["loan", "value_on", "id"], name="loan_event_life"),
            # The newest event that changes the fold.
            models.Index(fields=["loan", "id"], name="loan_event_newest", condition=~models.Q(kind__in=["aged", "off_book"])),
            # Who got easier terms: few loans, asked for of the whole book.
            models.Index(fields=["loan"], name="loan_event_eased", condition=models.Q(kind="extended")),
        ]

    @property
    def slip(self) -> str:
        """The number on the slip, in the bank's file or of the request; empty for what the calendar did."""
        return self.reference.split("/", 2 if self.reference.startswith("counter/") else 1)[-1] if self.kind in FOLDED_KINDS else ""

    @property
    def is_reversible(self) -> bool:
        """What came in or was decided, and has not been taken back."""
        return self.kind in FOLDED_KINDS and self.kind not in NOT_REVERSIBLE and not hasattr(self, "reversal")

    @property
    def subject(self) -> str:
        return self.loan.subject


class Checkpoint(models.Model):
    """How the loan stood after the newest event of its fold, so that the next one need not live its whole life again.

    The events are the truth: a checkpoint that does not know the newest of them, or was written in another `form`, is not read, and
    the night proves the others (`servicing.checkpoints`).
    """

    loan = models.OneToOneField(Loan, on_delete=models.CASCADE, primary_key=True, related_name="+")
    reference = Code(max_length=100)
    form = Code(max_length=16)
    position = models.BinaryField()

    position.privacy = C1


class LoanChange(models.Model):
    """Something about a loan that one person asks for and others agree to; only then does it happen, as `event`.

    `asked` is the change as a value (`position.changes`), `amount` the sum where there is one. A refund goes to `account`;
    `paid_event` is kept when the bank has paid it. A reversal names the event that it takes back.
    """

    KINDS = [
        ("charge", _("收取费用")), ("refund", _("退还溢缴款")), ("waiver", _("息费减免")), ("due_day", _("变更还款日")),
        ("holiday", _("延期还款")), ("extension", _("展期")), ("restructuring", _("重组")), ("rate_change", _("利率调整")),
        ("acceleration", _("提前到期")), ("write_off", _("核销")),
        ("deposit_use", pgettext_lazy("verb", "保证金抵扣")), ("deposit_return", _("退还保证金")),
        ("vehicle_release", _("解押一辆车")), ("reversal", _("冲正")),
    ]
    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=LOAN_CHANGE.choices(), default="proposed")
    kind = models.CharField(max_length=20, choices=KINDS)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="changes")
    amount = MoneyField(default=0)
    asked = Json(privacy=C1, default=dict)
    account = models.ForeignKey("customers.BankAccount", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = LongText(privacy=C2)
    approval_number = Code(max_length=40, blank=True)
    payout_number = Code(max_length=40, blank=True)
    failure_code = Code(blank=True)
    event = models.OneToOneField(LoanEvent, on_delete=models.PROTECT, null=True, related_name="asked_by")
    paid_event = models.OneToOneField(LoanEvent, on_delete=models.PROTECT, null=True, related_name="+")
    reverses = models.ForeignKey(LoanEvent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    proposed_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_by_name = Text(privacy=C2, max_length=80)
    proposed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "loan__branch_id", "loan__owner_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "kind"], name="loan_change_waits_once", condition=models.Q(status="proposed")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"loan_change:{self.number}"


class AccrualChange(models.Model):
    """What the part of one loan, or of many at once, in its group's accrual became more or less. The close of the day
    adds the changes to the group and removes them."""

    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    basis = Code(max_length=7)
    denominator = models.BigIntegerField()
    weight = WholeNumber()
    origin = WholeNumber()


class AccrualGroup(models.Model):
    """All loans of a product version and branch whose shares add up: one basis, one denominator."""

    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    basis = Code(max_length=7)
    denominator = models.BigIntegerField()
    weight = WholeNumber(default=0)
    origin = WholeNumber(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product_version", "branch", "basis", "denominator"], name="accrual_group_once")
        ]


class AccrualBook(models.Model):
    """How much interest of a product at a branch the closes have posted as earned, up to and with the day `closed_on`."""

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    posted_fen = models.BigIntegerField(default=0)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "branch"], name="accrual_book_once")]


class EndOfDay(models.Model):
    """The close of business day `day`: the next day opens at once, shards bring the loans to its morning, and when all
    are done the day's interest is posted. `shards` are the first and last ids of each, `loans_expected` how many loans had an
    event coming when it began (0 for a large book, which nobody counted); money taken meanwhile brings some of them along before
    their shard does."""

    day = models.DateField(unique=True)
    status = models.CharField(max_length=8, choices=END_OF_DAY.choices(), default="running")
    shards = Json(privacy=C1, default=list)
    until = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by_name = Text(privacy=C2, max_length=80)
    accruals = models.PositiveIntegerField(default=0)
    loans_expected = models.PositiveIntegerField(default=0)
    snapshot_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]

    scope_number = "day"

    @property
    def subject(self) -> str:
        return f"end_of_day:{self.day.isoformat()}"


class EndOfDayShard(models.Model):
    """The mark that a shard is done: written first in the transaction that does it, so that it is done once. `turned` says how
    many of its loans fell due, became overdue, moved to another bucket or were cured."""

    run = models.ForeignKey(EndOfDay, on_delete=models.PROTECT, related_name="done")
    shard = models.PositiveIntegerField()
    loans = models.PositiveIntegerField(default=0)
    one_by_one = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=9, decimal_places=3, default=0)
    turned = Json(privacy=C1, default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "shard"], name="end_of_day_shard_once")]


class EndOfDayFailure(models.Model):
    """A loan that could not be brought to the next morning, and why; it stays where it was until it is tried again."""

    run = models.ForeignKey(EndOfDay, on_delete=models.PROTECT, related_name="failures")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="+")
    code = Code(max_length=60)
    reason = LongText(privacy=C1)
    failed_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "loan"], name="end_of_day_failure_once")
        ]


# These tables stand in their own files; they are read at the end since their rows belong to loans and closes.
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement  # noqa: E402
from chezhe.servicing.debits.models import LoanDebit  # noqa: E402
from chezhe.servicing.early.models import SettlementAsk  # noqa: E402
from chezhe.servicing.endofday.models import EndOfDayFault, NightProof, Recomputation  # noqa: E402
from chezhe.servicing.profit.models import FundingLine, FundingRun  # noqa: E402
from chezhe.servicing.quality.models import ClassDowngrade, ProvisionLine, ProvisionProgress, ProvisionRun  # noqa: E402
from chezhe.servicing.repricing.models import FloatingRate, Repricing, RepricingLine  # noqa: E402
from chezhe.servicing.tax.invoices.models import Invoice, InvoiceLine, InvoiceNotice  # noqa: E402
from chezhe.servicing.tax.models import VatLine, VatRun  # noqa: E402

__all__ = [
    "CHANGE_KINDS", "CHANGE_PREFIX", "FOLDED_KINDS", "MONEY_KINDS", "NOT_REVERSIBLE", "PREFIX", "AccrualBook", "AccrualChange",
    "AccrualGroup", "Checkpoint", "ClassDowngrade",
    "CommissionLine", "CommissionStatement", "EndOfDay", "EndOfDayFailure", "EndOfDayFault", "EndOfDayShard", "FloatingRate",
    "FundingLine", "FundingRun",
    "Invoice", "InvoiceLine", "InvoiceNotice", "Loan", "LoanChange", "LoanDebit", "LoanEvent", "NightProof", "ProvisionLine",
    "ProvisionProgress", "ProvisionRun", "Recomputation", "Repricing", "RepricingLine",
    "Schedule", "SettlementAsk", "VatLine", "VatRun", "WholeNumber",
]
