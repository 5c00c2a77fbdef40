"""Contracts, the mortgage behind them, and the money that leaves under them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.compliance.labels import CONSENT_KINDS
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, MORTGAGE
from chezhe.finmath.contract import ContractTerms
from chezhe.kernel import numbers, values
from chezhe.kernel.fields import Code, Encrypted, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet, Through
from chezhe.payments.states import WAYS

CONTRACT_PREFIX = numbers.register("K", "contract")
DISBURSEMENT_PREFIX = numbers.register("DB", "disbursement")

ROLES = [
    ("borrower", _("借款人")), ("co_borrower", _("共借人")), ("guarantor", _("担保人")), ("spouse", _("配偶")), ("mortgagor", _("抵押人")),
]
PAPERS = [
    ("cost_disclosure_sheet", _("综合融资成本明示表")), ("consent_letter", _("授权与同意书")), ("loan_contract", _("借款合同")),
    ("guarantee_contract", _("保证合同")), ("mortgage_contract", _("抵押合同")), ("repayment_schedule", _("还款计划表")),
    ("address_confirmation", _("送达地址确认书")), ("gps_notice", _("GPS 安装告知书")), ("insurance_undertaking", _("保险承诺书")),
]
CHANNELS = [("counter", _("柜面")), ("video", _("视频面签")), ("e_sign", _("电子签名"))]


class Contract(models.Model):
    """One loan agreed with one borrower. `terms` is `finmath.contract.ContractTerms`, fixed when it was prepared.

    One that another lender, or another system, had concluded was taken over with its loan: it has no application, and the
    number it was signed under is kept.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=CONTRACT.choices(), default="prepared")
    application = models.ForeignKey("origination.Application", on_delete=models.PROTECT, null=True, related_name="contracts")
    taken_over_on = models.DateField(null=True)
    old_number = Text(privacy=C1, max_length=60, blank=True, default="")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="contracts")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="contracts")
    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("customers.BankAccount", on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")

    terms = Json(privacy=C1)
    principal = MoneyField()
    annual_rate = RateField(null=True)
    periods = models.PositiveSmallIntegerField()
    all_in_rate = RateField(null=True, help_text="all-in annual cost, simple, counted fees included")
    edition = Code(max_length=12)
    approval_expires_on = models.DateField(null=True)

    prepared_on = models.DateField()
    prepared_by_ids = Json(privacy=C1, default=list)
    prepared_by_name = Text(privacy=C2, max_length=80)
    needs_cost_sheet = models.BooleanField(default=True)
    cost_sheet_on = models.DateField(null=True)
    cost_sheet_channel = models.CharField(max_length=8, choices=CHANNELS, blank=True)
    signed_on = models.DateField(null=True)
    # What the decision wants fitted in the car, and who said when that it is.
    gps_wired = models.PositiveSmallIntegerField(default=0)
    gps_wireless = models.PositiveSmallIntegerField(default=0)
    gps_devices = Text(privacy=C1, max_length=200, blank=True, default="")
    gps_fitted_on = models.DateField(null=True)
    gps_confirmed_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    effective_on = models.DateField(null=True)
    void_reason = LongText(privacy=C1, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "owner_id"
    scope_customer = ("customer_id", Through("parties__customer_id", Q(parties__role="co_borrower")))
    scope_dealer = "application__dealer_id"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(principal__gt=0), name="contract_principal_positive"),
            models.UniqueConstraint(fields=["application"], name="contract_application_once", condition=~Q(status="void")),
            models.UniqueConstraint(fields=["old_number"], name="contract_old_number_once", condition=~Q(old_number="")),
            models.CheckConstraint(
                name="contract_has_origin",
                condition=Q(application__isnull=False, taken_over_on__isnull=True, old_number="")
                | Q(application__isnull=True, taken_over_on__isnull=False) & ~Q(old_number=""),
            ),
        ]
        indexes = [models.Index(fields=["branch", "status", "-id"], name="contract_branch_status")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"contract:{self.number}"

    @property
    def refinances(self) -> str:
        """The number of the older contract that this one pays off; empty for most, and for one that was taken over."""
        return self.application.refinances if self.application else ""

    @property
    def needs_gps(self) -> bool:
        """Whether any device is to be fitted before money leaves."""
        return self.gps_wired + self.gps_wireless > 0

    @cached_property
    def agreed(self) -> ContractTerms:
        """The terms as a value."""
        return values.from_json(ContractTerms, self.terms)


class ContractParty(models.Model):
    """Somebody who signs, in one role."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="parties")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=ROLES)
    signed_on = models.DateField(null=True)
    channel = models.CharField(max_length=8, choices=CHANNELS, blank=True)
    witnessed_by_name = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contract", "customer", "role"], name="contract_party_once")]


class ContractPaper(models.Model):
    """A paper the system printed: its code is a digest of everything it says, which is kept in `data` as it was printed.

    `place` tells papers of one kind apart, `signer` is whose paper it is (None: everybody's). One that was printed again `replaces` the
    older, which no longer counts.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=24, choices=PAPERS)
    place = models.PositiveSmallIntegerField(default=1)
    signer = models.ForeignKey(ContractParty, on_delete=models.PROTECT, null=True, related_name="papers")
    signer_paper = Encrypted(blank=True, default="")
    consent_kind = Code(max_length=20, blank=True, default="")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    code = Code(max_length=19, db_index=True)
    edition = Code(max_length=40, blank=True, default="")
    template = Code(max_length=20, default="articles")
    print_number = models.PositiveSmallIntegerField(default=1)
    printed_at = models.DateTimeField()
    data = Encrypted(blank=True, default="")
    pdf_sha256 = Code(max_length=64, blank=True, default="")
    page_hashes = Json(privacy=PUBLIC, default=list)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = Text(privacy=C1, max_length=200, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "place", "print_number"], name="contract_paper_print_once"),
        ]

    @property
    def label(self) -> Any:
        return dict(PAPERS)[self.kind]

    @property
    def title(self) -> Any:
        """Its name with the consent it is about."""
        return f"{self.label} · {dict(CONSENT_KINDS)[self.consent_kind]}" if self.consent_kind else self.label


class Refinancing(models.Model):
    """What of a contract's principal pays off an older loan of the house (借新还旧) instead of going to the borrower: its payoff on
    the day of the payout, fixed anew for another day."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="refinancing")
    loan_number = Code(max_length=20)
    payoff = MoneyField()
    payoff_on = models.DateField()
    fixed_by_name = Text(privacy=C2, max_length=80)
    fixed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(payoff__gt=0), name="refinancing_positive")]


class Mortgage(models.Model):
    """The car stands for the loan: registered at the vehicle office before money leaves, released after the end.

    One that `follows` another stands beside it until the older loan is paid off by this contract's. A contract has one mortgage of
    its own and may have those of further cars (`further_of`).
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, null=True, related_name="mortgage")
    further_of = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="further_mortgages")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="mortgages")
    status = models.CharField(max_length=18, choices=MORTGAGE.choices(), default="proposed")
    office = Text(privacy=PUBLIC, max_length=60, blank=True)
    receipt_number = Code(privacy=C1, blank=True)
    registered_on = models.DateField(null=True)
    # When the buyer got the car: the days in which a purchase-money mortgage keeps its rank are counted from it.
    delivered_on = models.DateField(null=True)
    release_requested_at = models.DateTimeField(null=True)
    release_reason = Text(privacy=C1, max_length=200, blank=True)
    release_receipt_number = Code(privacy=C1, blank=True)
    released_on = models.DateField(null=True)
    # Released by itself while the loan runs.
    is_alone = models.BooleanField(default=False)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "contract__branch_id", "contract__owner_id", "contract__number"
    scope_customer, scope_dealer = "contract__customer_id", "contract__application__dealer_id"

    class Meta:
        constraints = [
            # One car secures one loan of ours at a time.
            models.UniqueConstraint(
                fields=["vehicle"], name="mortgage_vehicle_once",
                condition=Q(status__in=["proposed", "registered", "release_requested"], follows__isnull=True),
            ),
            models.CheckConstraint(
                name="mortgage_of_one_contract", condition=Q(contract__isnull=True) ^ Q(further_of__isnull=True)
            ),
            models.CheckConstraint(
                name="mortgage_receipt",
                condition=Q(status__in=["proposed", "cancelled"]) | (~Q(receipt_number="") & Q(registered_on__isnull=False)),
            ),
        ]

    @property
    def of(self) -> Contract:
        """The contract that it secures."""
        found = self.contract or self.further_of
        assert found is not None
        return found

    @property
    def subject(self) -> str:
        return f"mortgage:{self.contract.number}" if self.contract else f"mortgage:{self.of.number}.{self.vehicle.number}"


class Disbursement(models.Model):
    """The principal on its way out, in one part or several (`legs`); `account` is the borrower's own."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=DISBURSEMENT.choices(), default="prepared")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="disbursements")
    account = models.ForeignKey("customers.BankAccount", on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    way = models.CharField(max_length=4, choices=WAYS, default="api")
    prepared_at = models.DateTimeField()
    prepared_by_ids = Json(privacy=C1, default=list)
    prepared_by_name = Text(privacy=C2, max_length=80)
    checked_at = models.DateTimeField(null=True)
    checked_by_ids = Json(privacy=C1, default=list)
    checked_by_name = Text(privacy=C2, max_length=80, blank=True)
    paid_on = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "contract__branch_id", "contract__owner_id"
    scope_customer, scope_dealer = "contract__customer_id", "contract__application__dealer_id"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_positive"),
            models.UniqueConstraint(fields=["contract"], name="disbursement_contract_once", condition=~Q(status="cancelled")),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="disbursement_status")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"disbursement:{self.number}"

    @property
    def leading(self) -> Leg | None:
        """The part that somebody must look after, else the first."""
        legs = list(self.legs.all())
        return next((leg for leg in legs if leg.status in ("failed", "returned")), legs[0] if legs else None)

    @property
    def attempt(self) -> int:
        return self.leading.attempt if self.leading else 1

    @property
    def payout_number(self) -> str:
        return self.leading.payout_number if self.leading else ""

    @property
    def failure_code(self) -> str:
        return self.leading.failure_code if self.leading else ""


# The tables of cost sheets, the clock, payouts, the press, words and signatures stand in their own files, which name those above.
from chezhe.contracts.collateral.custody_models import (  # noqa: E402
    CustodyItem,
    CustodyMove,
    StockTake,
    StockTakeFinding,
    StockTakeScan,
)
from chezhe.contracts.collateral.fitting_models import GpsDevice, GpsOrder, InsurancePolicy  # noqa: E402
from chezhe.contracts.collateral.models import RegistrationOrder  # noqa: E402
from chezhe.contracts.collateral.release_models import Release, ReleaseStep  # noqa: E402
from chezhe.contracts.conditions.models import ContractCondition  # noqa: E402
from chezhe.contracts.costs.models import CostConfirmation, CostReading, CostSheet, FeeReceipt, FeeReturn  # noqa: E402
from chezhe.contracts.lane.models import LanePause, LaneRun, LaneSpan  # noqa: E402
from chezhe.contracts.paying.models import Leg, PayeeAccount, PayoutLimit  # noqa: E402
from chezhe.contracts.printing.models import SEAL_KINDS, SEAL_PREFIX, PrintRun, Seal, SealUse  # noqa: E402
from chezhe.contracts.signing.models import SIGNING_PREFIX, Signature, Signing, SigningCode, SigningLink  # noqa: E402
from chezhe.contracts.wording.models import Clause, ClauseVersion, TemplateVersion  # noqa: E402

__all__ = [
    "CHANNELS", "CONTRACT_PREFIX", "DISBURSEMENT_PREFIX", "PAPERS", "ROLES", "SEAL_KINDS", "SEAL_PREFIX", "SIGNING_PREFIX", "Clause",
    "ClauseVersion", "Contract", "ContractCondition", "ContractPaper", "ContractParty", "CostConfirmation", "CostReading", "CostSheet",
    "CustodyItem", "CustodyMove", "Disbursement", "FeeReceipt", "FeeReturn", "GpsDevice", "GpsOrder", "InsurancePolicy", "LanePause",
    "LaneRun", "LaneSpan", "Leg", "Mortgage", "PayeeAccount", "PayoutLimit", "PrintRun", "Refinancing", "RegistrationOrder", "Release",
    "ReleaseStep", "Seal", "SealUse", "Signature", "Signing", "SigningCode", "SigningLink", "StockTake", "StockTakeFinding",
    "StockTakeScan", "TemplateVersion",
]
