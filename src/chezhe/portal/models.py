"""Who may come into a portal, where each is signed in, and the codes that were sent."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, Text
from chezhe.kernel.privacy import C2, C3

KINDS = [(BORROWER, _("客户")), (DEALER, _("车商人员"))]
PURPOSES = [("sign_in", _("登录")), ("step_up", _("再次验证身份"))]


class Account(models.Model):
    """A mobile number at one portal. It is nobody's until its holder has shown which customer it belongs to, or is on a dealer's
    list."""

    kind = models.CharField(max_length=8, choices=KINDS)
    mobile = Encrypted()
    mobile_hash = BlindIndex(of="mobile")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("channels.DealerPerson", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "mobile_hash"], name="portal_account_once"),
            models.CheckConstraint(
                name="portal_account_of_one",
                condition=Q(kind=BORROWER, person__isnull=True) | Q(kind=DEALER, customer__isnull=True, person__isnull=False),
            ),
        ]

    @property
    def key(self) -> str:
        """How the trail calls it."""
        return f"{self.kind}:{self.pk}"

    @property
    def subject(self) -> str:
        """Whose business was done: the customer or the dealer, as far as known."""
        if self.customer is not None:
            return self.customer.subject
        return self.person.dealer.subject if self.person is not None else ""


class OutsideSession(models.Model):
    """One browser or program that is signed in. The token itself is kept nowhere."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    digest = Code(privacy=C3, max_length=64, unique=True)
    is_program = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField(null=True)
    stepped_up_for = Code(blank=True, default="", max_length=80)
    ended_at = models.DateTimeField(null=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = Text(privacy=C2, max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="portal_session_open", condition=Q(ended_at__isnull=True))]


class OneTimeCode(models.Model):
    """A code that was asked for: only its digest is kept, and how often it was tried. `about` is the subject that it is to sign for."""

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=KINDS)
    purpose = models.CharField(max_length=8, choices=PURPOSES)
    about = Code(blank=True, default="", max_length=80)
    mobile = Encrypted()
    mobile_hash = BlindIndex(of="mobile")
    session = models.ForeignKey(OutsideSession, on_delete=models.CASCADE, null=True, related_name="+")
    digest = Code(privacy=C3, max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ip_address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["mobile_hash", "-issued_at"], name="portal_code_mobile"),
            models.Index(fields=["ip_address", "-issued_at"], name="portal_code_address"),
        ]
