"""The tables of releases: from the paid-off loan to the certificate in the borrower's hands."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral.states import RELEASE
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

RELEASE_PREFIX = numbers.register("JY", "release")
ORDERED, OFFICE_OFF, UNIFIED_OFF, PAPERS_OUT = "ordered", "office_cancelled", "unified_cancelled", "papers_out"
SENT, HANDED_OVER, RECEIVED = "sent", "handed_over", "received"
RELEASE_STEPS = [
    (ORDERED, _("开始解押")), (OFFICE_OFF, _("车管所解除抵押登记")), (UNIFIED_OFF, _("中登网注销登记")), (PAPERS_OUT, _("权证出库")),
    (SENT, _("快递寄出")), (HANDED_OVER, _("柜面核对证件后交付")), (RECEIVED, _("借款人收到")),
]
OPEN_RELEASES = ("ordered", "sent")


class Release(models.Model):
    """One mortgage on its way off the car, and its papers on their way to the borrower."""

    number = Code(unique=True)
    status = models.CharField(max_length=9, choices=RELEASE.choices(), default="ordered")
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="releases")
    mortgage = models.ForeignKey("contracts.Mortgage", on_delete=models.PROTECT, related_name="releases")
    ordered_on = models.DateField()
    due_on = models.DateField(null=True)
    carrier = Text(privacy=PUBLIC, max_length=40, blank=True, default="")
    tracking_number = Code(privacy=C1, blank=True, default="")
    recipient = Text(privacy=C2, max_length=80, blank=True, default="")
    done_on = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_customer = "contract__branch_id", "contract__owner_id", "contract__customer_id"

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["mortgage"], name="release_once", condition=~Q(status="withdrawn"))]
        indexes = [models.Index(fields=["due_on"], name="release_open", condition=Q(status__in=OPEN_RELEASES))]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"release:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_RELEASES

    def is_late(self, on: date) -> bool:
        """Whether it should have been over before a day."""
        return self.is_open and self.due_on is not None and self.due_on < on


class ReleaseStep(models.Model):
    """One step that was done, for ever: when, by whom, with which receipt or parcel."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=17, choices=RELEASE_STEPS)
    done_on = models.DateField()
    done_at = models.DateTimeField()
    done_by_name = Text(privacy=C2, max_length=80)
    detail = Text(privacy=C2, max_length=200, blank=True, default="")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="release_step_once")]
