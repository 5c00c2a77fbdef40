"""Facts and the questions that were put to outside sources for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Encrypted, Json, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.risk.facts.definitions import REASONS
from chezhe.risk.facts.states import ENQUIRY

ENQUIRY_PREFIX = numbers.register("EQ", "enquiry")
# Why a source is asked about somebody, in the words of the bureau.
QUERY_REASONS = [
    ("loan_approval", _("贷款审批")), ("guarantee_check", _("担保资格审查")), ("post_loan", _("贷后管理")),
    ("customer_admission", _("客户准入资格审查")),
]


class Enquiry(models.Model):
    """One question to one outside source about one subject: wished for by somebody, sent by the worker, answered once.

    `batch` joins what was wished for together. `consent` names the line of the consent ledger that allowed the question. `answer` is
    what came back, unchanged; `answer_hash` is its SHA-256. The question itself is never kept: it can be made again. `about` is a keyed
    digest of whom it named, empty for questions of before: another one stands for another person, code or number.
    """

    number = Code(unique=True)
    batch = Code(max_length=32)
    service = Code()
    subject = Code(max_length=80)
    about = Code(privacy=C1, max_length=32, blank=True, default="", db_default="")
    status = models.CharField(max_length=10, choices=ENQUIRY.choices(), default="waiting")
    reason = models.CharField(max_length=20, choices=QUERY_REASONS)
    consent = Code(blank=True)
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    error = Code(blank=True)
    answer = Encrypted(privacy=C2, blank=True, default="")
    answer_hash = Code(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "service", "-asked_at"], name="enquiry_of_subject"),
            models.Index(fields=["batch"], name="enquiry_batch"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "service"], name="enquiry_waits_once", condition=Q(status="waiting")),
            models.CheckConstraint(name="enquiry_answered_when_over", condition=Q(status="waiting") ^ Q(answered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Fact(models.Model):
    """What a source told of a subject, and since when we know it. Never changed: what is told later stands beside it.

    `value` is JSON (whole fen, whole numbers, fractions as text); without one, `reason` says why what was told is no value.
    `confirms` is the fact that a person chose among contradicting ones.
    """

    subject = Code(max_length=80)
    code = Code(max_length=60)
    source = Code(max_length=30)
    value = Json(privacy=C2, null=True)
    reason = models.CharField(max_length=20, choices=list(REASONS.items()), blank=True)
    known_at = models.DateTimeField()
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="facts", db_index=False)
    consent = Code(blank=True)
    confirms = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        constraints = [
            # Told twice is told once. Read backwards it finds the newest of each source: `queries`.
            models.UniqueConstraint(
                fields=["subject", "code", "source", "known_at", "value", "reason"], name="fact_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="fact_value_or_reason", condition=Q(value__isnull=True) ^ Q(reason="")),
        ]
        indexes = [models.Index(fields=["enquiry"], name="fact_of_enquiry", condition=Q(enquiry__isnull=False))]

    def __str__(self) -> str:
        return f"{self.subject} {self.code}"


class Statement(models.Model):
    """A bank statement that was handed in, and what reading it found (`flows`). Never changed.

    `findings` are codes with their figures; `figures` is the analysis for the page: months, balances, counterparties.
    """

    subject = Code(max_length=80)
    file_key = models.UUIDField(unique=True)
    layout = Code()
    account_tail = Text(privacy=C2, max_length=4, blank=True)
    period_from = models.DateField()
    period_to = models.DateField()
    lines = models.PositiveIntegerField()
    figures = Encrypted(privacy=C2)
    findings = Json(privacy=C1, default=list)
    analysed_at = models.DateTimeField()
    uploaded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="statement_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.layout}"


class CompanyAccounts(models.Model):
    """One year's accounts of a company as somebody took them down; `figures` is the JSON of `enterprise.Accounts`. Never changed: the
    newest of a year counts."""

    subject = Code(max_length=80)
    year = models.PositiveSmallIntegerField()
    figures = Encrypted(privacy=C2)
    plan = Json(privacy=C1, default=dict)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [models.Index(fields=["subject", "-year", "-id"], name="accounts_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.year}"
