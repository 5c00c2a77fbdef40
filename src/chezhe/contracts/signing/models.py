"""Sittings, the signatures that come of them, and the links that let somebody sign from afar."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.states import SIGNING
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Encrypted, Json, Text
from chezhe.kernel.privacy import C1, C2, C3, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

SIGNING_PREFIX = numbers.register("SG", "signing")
CHANNELS = [
    ("counter", _("柜面")), ("video", _("视频面签")), ("e_sign", _("电子签名")), ("link", _("远程链接")), ("portal", _("客户端")),
    ("seal", _("电子签章")),
]


class SigningLink(models.Model):
    """A way to sign from afar: for one party of one contract, opened once with a code sent to the party's own mobile.

    The token stands in the message alone; here is what it is recognised by. The same goes for the sitting that a right code begins.
    """

    key = Code(unique=True, max_length=32)
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="links")
    party = models.ForeignKey("contracts.ContractParty", on_delete=models.PROTECT, related_name="links")
    token_hash = Code(privacy=C3, max_length=64, unique=True)
    mobile = Encrypted()
    mobile_tail = Text(privacy=C2, max_length=4)
    made_at = models.DateTimeField()
    made_by_name = Text(privacy=C2, max_length=80)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    sitting_hash = Code(privacy=C3, max_length=64, blank=True, db_index=True)
    device = Text(privacy=C2, max_length=80, blank=True)
    address = Text(privacy=C2, max_length=45, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = Text(privacy=C1, max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "contract__branch_id", "contract__owner_id", "key"
    scope_customer = "party__customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party"], name="signing_link_live_once", condition=Q(ended_at__isnull=True)),
        ]

    @property
    def subject(self) -> str:
        return f"signing_link:{self.key}"


class SigningCode(models.Model):
    """A code that was sent for a link; only its digest is kept."""

    link = models.ForeignKey(SigningLink, on_delete=models.PROTECT, related_name="codes")
    code_hash = Code(privacy=C3, max_length=64)
    address_hash = Code(privacy=C1, max_length=64, db_index=True)
    sent_at = models.DateTimeField()


class Signing(models.Model):
    """One party (or, without a party, the lender) has said yes to papers: the worker puts the signatures under them."""

    number = Code(unique=True)
    status = models.CharField(max_length=8, choices=SIGNING.choices(), default="asked")
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="signings")
    party = models.ForeignKey("contracts.ContractParty", on_delete=models.PROTECT, null=True, related_name="signings")
    link = models.ForeignKey(SigningLink, on_delete=models.PROTECT, null=True, related_name="signings")
    paper_ids = Json(privacy=PUBLIC, default=list)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    device = Text(privacy=C2, max_length=80, blank=True)
    address = Text(privacy=C2, max_length=45, blank=True)
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    # Counts orders, so that what belongs to one that failed is known as such.
    attempt = models.PositiveSmallIntegerField(default=1)
    failure_code = Code(blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "contract__branch_id", "contract__owner_id"
    scope_customer = "party__customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "party"], name="signing_open_once", nulls_distinct=False, condition=Q(status__in=["asked", "failed"]),
            ),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="signing_status")]

    @property
    def subject(self) -> str:
        return f"signing:{self.number}"

    @property
    def who(self) -> Any:
        """Whose signature it is, for the screen."""
        return self.party.customer.masked_name if self.party else _("贷款人")


class Signature(models.Model):
    """What proves that one party (or the lender) signed one paper: append-only.

    By hand `evidence` is the scan. Otherwise `file` is the paper with the signature in it, `paper_sha256` what it was put under, and the
    moment that of the time stamp.
    """

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="signatures")
    paper = models.ForeignKey("contracts.ContractPaper", on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey("contracts.ContractParty", on_delete=models.PROTECT, null=True, related_name="signatures")
    signing = models.ForeignKey(Signing, on_delete=models.PROTECT, null=True, related_name="signatures")
    channel = models.CharField(max_length=8, choices=CHANNELS)
    signed_on = models.DateField()
    signed_at = models.DateTimeField()
    device = Text(privacy=C2, max_length=80, blank=True)
    address = Text(privacy=C2, max_length=45, blank=True)
    paper_sha256 = Code(privacy=PUBLIC, max_length=64)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    certificate_serial = Code(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "party"], name="signature_once", nulls_distinct=False),
            models.CheckConstraint(
                name="signature_has_proof", condition=Q(file__isnull=False) & ~Q(certificate_serial="") | Q(evidence__isnull=False)
            ),
        ]

    @property
    def is_electronic(self) -> bool:
        return self.file_id is not None
