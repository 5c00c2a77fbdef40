"""Customers: people and companies, with what identifies them encrypted and found by keyed digests."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from chezhe.customers import choices
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet

PREFIX = numbers.register("C", "customer")


class Customer(Versioned):
    """One person or company. The number of the paper that identifies it is unique in the whole house."""

    number = Code(unique=True)
    kind = models.CharField(max_length=8, choices=choices.KINDS)
    name = Text(privacy=C2, max_length=100)
    pinyin = Text(privacy=C2, max_length=400, editable=False)
    initials = Text(privacy=C2, max_length=100, editable=False)
    grams = ArrayField(models.CharField(max_length=4), editable=False)
    address = Encrypted(blank=True, default="")
    language = models.CharField(max_length=8, choices=choices.LANGUAGES, default="zh-hans", db_default="zh-hans")
    # A person:
    id_number = Encrypted(blank=True, default="")
    id_number_hash = BlindIndex(of="id_number")
    id_number_tail = Text(privacy=C2, max_length=4, blank=True, db_index=True)
    sex = models.CharField(max_length=6, choices=choices.SEXES, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    marital_status = models.CharField(max_length=8, choices=choices.MARITAL_STATUSES, default="unknown")
    employer = Encrypted(blank=True, default="")
    monthly_income = MoneyField(privacy=C2, null=True, blank=True)
    # A company:
    uscc = Code(privacy=C1, max_length=18, blank=True, default="")
    legal_representative = Text(privacy=C2, max_length=20, blank=True, default="")
    actual_controller = Text(privacy=C2, max_length=20, blank=True, default="")
    registered_capital = MoneyField(null=True, blank=True)
    established_on = models.DateField(null=True, blank=True)
    industry = Text(privacy=C1, max_length=60, blank=True, default="")

    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    # The day on which a manager passed the customer on to this owner; none for whoever filed them.
    owned_since = models.DateField(null=True, blank=True)
    source = Code(privacy=C1, max_length=80, blank=True, default="")
    created_at = models.DateTimeField()

    grams.privacy = C2
    birth_date.privacy = C2

    scope_branch, scope_owner = "branch_id", "owner_id"
    scope_customer, scope_dealer = "pk", ("applications__dealer_id",)
    objects = ScopedQuerySet.as_manager()
    change_labels = choices.FIELD_LABELS

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="customer_grams"),
            models.Index(fields=["pinyin"], name="customer_pinyin", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["initials"], name="customer_initials", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["branch", "owner"], name="customer_scope"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id_number_hash"], name="customer_person_once", condition=~Q(id_number_hash="")),
            models.UniqueConstraint(fields=["uscc"], name="customer_company_once", condition=~Q(uscc="")),
            models.CheckConstraint(
                name="customer_identified",
                condition=Q(kind="person", uscc="") & ~Q(id_number="") | Q(kind="company", id_number="") & ~Q(uscc=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"customer:{self.number}"

    @property
    def is_person(self) -> bool:
        return self.kind == "person"

    @property
    def own_trade(self) -> Trade | None:
        """The trade this person runs, if one is on file."""
        return getattr(self, "trade", None) if self.is_person else None

    @property
    def masked_name(self) -> str:
        """A person's name with stars; a company's name is public."""
        return masks.mask_name(self.name) if self.is_person else self.name

    @property
    def masked_id_number(self) -> str:
        """The masked ID number of a person, the public code of a company."""
        return masks.mask_id_number(self.id_number) if self.is_person else self.uscc

    @property
    def masked_address(self) -> str:
        return masks.mask_address(self.address)

    @property
    def masked_mobile(self) -> str:
        """The main mobile with stars; uses what has been prefetched."""
        main = next((m for m in self.mobiles.all() if m.is_main), None)
        return main.masked if main else ""


class Trade(models.Model):
    """The registered trade of a person who is a sole trader (个体工商户). He answers for its debts with all he has, so the borrower is
    the person (Civil Code art. 56); the trade is what the licence says of his business. Corrections stand in the person's history."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="trade")
    name = Text(privacy=C1, max_length=100, blank=True, default="")
    uscc = Code(privacy=C1, max_length=18, unique=True)
    registered_on = models.DateField()
    premises = Encrypted(blank=True, default="")
    scope = Text(privacy=C1, max_length=400, blank=True, default="")
    industry = Text(privacy=C1, max_length=60, blank=True, default="")
    status = models.CharField(max_length=10, choices=choices.TRADE_STATUSES, default="active")

    class Meta:
        constraints = [
            models.CheckConstraint(name="trade_code", condition=Q(uscc__startswith="92")),
            models.CheckConstraint(name="trade_status", condition=Q(status__in=[code for code, _label in choices.TRADE_STATUSES])),
        ]

    @property
    def subject(self) -> str:
        return self.customer.subject

    @property
    def is_in_force(self) -> bool:
        """Whether the licence stands, as far as our file says: what the register says is a fact of the decision."""
        return self.status == "active"

    @property
    def title(self) -> str:
        """The trade by its name, or by its code where it has none."""
        return self.name or self.uscc

    @property
    def masked_premises(self) -> str:
        return masks.mask_address(self.premises)


class CustomerMobile(models.Model):
    """A mobile number of a customer; one of them is the main one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="mobiles")
    mobile = Encrypted()
    mobile_hash = BlindIndex(of="mobile")
    tail = Text(privacy=C2, max_length=4, db_index=True)
    purpose = models.CharField(max_length=8, choices=choices.MOBILE_PURPOSES, default="own")
    is_main = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "mobile_hash"], name="customer_mobile_once"),
            models.UniqueConstraint(fields=["customer"], name="customer_mobile_main_once", condition=Q(is_main=True)),
        ]

    @property
    def masked(self) -> str:
        return masks.mask_mobile(self.mobile)


class BankAccount(models.Model):
    """An account from which a customer repays or to which money is paid out; closed, never deleted."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="accounts")
    kind = models.CharField(max_length=10, choices=choices.ACCOUNT_KINDS)
    card_number = Encrypted()
    card_number_hash = BlindIndex(of="card_number")
    tail = Text(privacy=C2, max_length=4, db_index=True)
    bank_name = Text(privacy=C1, max_length=60)
    holder_name = Text(privacy=C2, max_length=100)
    is_main = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "card_number_hash"], name="customer_account_once", condition=Q(closed_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["customer"], name="customer_account_main_once", condition=Q(is_main=True, closed_at__isnull=True)
            ),
        ]

    @property
    def subject(self) -> str:
        return self.customer.subject

    @property
    def masked(self) -> str:
        return masks.mask_bank_card(self.card_number)

    @property
    def masked_holder(self) -> str:
        return masks.mask_name(self.holder_name) if self.kind == "card" else self.holder_name


class Relation(models.Model):
    """`other` is the customer's spouse, guarantor, controller or owner; ended, never deleted."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="related_from")
    kind = models.CharField(max_length=24, choices=choices.RELATIONS)
    share_rate = RateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by_name = Text(privacy=C2, max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "other", "kind"], name="relation_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(condition=~Q(customer=models.F("other")), name="relation_two_customers"),
        ]

    @property
    def subject(self) -> str:
        return self.customer.subject


class CustomerChange(models.Model):
    """One field of one edit: what stood there before and what after, both encrypted. Append-only."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    field = Code()
    before = Encrypted(blank=True)
    after = Encrypted(blank=True)
    changed_at = models.DateTimeField()
    changed_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]

    @property
    def label(self) -> Any:
        return choices.FIELD_LABELS.get(self.field, self.field)
