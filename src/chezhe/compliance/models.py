"""What the compliance room keeps: who the lender is, proposed figures, consents, contacts and who may not be contacted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import contact_rules, labels
from chezhe.compliance.states import CHANGE, COMPLAINT, CONTACT
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC

PARAMETER_PREFIX = numbers.register("PC", "parameter change")
LENDER_PREFIX = numbers.register("LP", "lender change")
COMPLAINT_PREFIX = numbers.register("TS", "complaint")
CONTACT_PREFIX = numbers.register("CT", "contact")


class LenderFigures(models.Model):
    """Who lends: the licence decides which rules apply. `region` is a six-digit division code (330000)."""

    name = Text(privacy=PUBLIC, max_length=120)
    licence_type = models.CharField(max_length=12, choices=labels.LICENCES)
    region = Code(max_length=6)
    uscc = Code(max_length=18)
    net_assets = MoneyField()

    class Meta:
        abstract = True


class LenderProfile(LenderFigures):
    """The one row in force; it changes only through an approved LenderChange."""

    changed_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="lender_single")]

    @property
    def subject(self) -> str:
        return "lender:1"


class Change(models.Model):
    """Something one person proposes and another decides; the votes lie in the approvals room."""

    number = Code(unique=True)
    status = models.CharField(max_length=12, choices=CHANGE.choices(), default="proposed")
    request_number = Code(blank=True)
    reason = LongText(privacy=C1)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = Text(privacy=C2, max_length=80)
    proposed_at = models.DateTimeField()
    decided_by_name = Text(privacy=C2, max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = LongText(privacy=C1, blank=True)

    class Meta:
        abstract = True


class ParameterChange(Change):
    """A figure that shall count from a day; once approved it becomes a new row of the parameter table."""

    code = Code()
    licence_type = Code(blank=True)
    region = Code(blank=True)
    product = Code(blank=True)
    value = Code(max_length=80)
    unit = Code(max_length=8)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = Text(privacy=PUBLIC, max_length=200)
    note = Text(privacy=PUBLIC, max_length=300, blank=True)

    @property
    def subject(self) -> str:
        return f"parameter-change:{self.number}"


class LenderChange(Change, LenderFigures):
    """New particulars of the lender."""

    @property
    def subject(self) -> str:
        return f"lender-change:{self.number}"


class ConsentText(models.Model):
    """What people were asked to agree to: one row a version, never changed."""

    kind = models.CharField(max_length=20, choices=labels.CONSENT_KINDS)
    version = models.PositiveIntegerField()
    body = LongText(privacy=PUBLIC)
    english = LongText(privacy=PUBLIC)
    effective_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="consent_text_once")]


class Consent(models.Model):
    """One line of the consent ledger: given or withdrawn, to which text, with which proof. Append-only.

    `detail` names the purpose of a credit query or the recipient of shared data; `evidence` is our own number of the
    paper, recording or electronic signature.
    """

    subject = Code(max_length=80)
    kind = models.CharField(max_length=20, choices=labels.CONSENT_KINDS)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True)
    is_granted = models.BooleanField()
    given_on = models.DateField()
    expires_on = models.DateField(null=True)
    channel = models.CharField(max_length=12, choices=labels.EVIDENCE_CHANNELS)
    evidence = Code(max_length=80)
    detail = Text(privacy=C1, max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [models.Index(fields=["subject", "kind", "-id"])]


class ContactAttempt(models.Model):
    """A contact with a debtor: reserved before it is made, completed with its outcome. Counts own and agency together."""

    number = Code(unique=True)
    status = models.CharField(max_length=12, choices=CONTACT.choices(), default="reserved")
    subject_text = Code(max_length=80)
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=labels.CHANNELS)
    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    address_index = Code(privacy=C1, max_length=32, blank=True)
    address_tail = Code(privacy=C1, max_length=4, blank=True)
    agency = Code(blank=True)
    outcome = models.CharField(max_length=16, choices=labels.OUTCOMES, blank=True)
    reserved_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    recorded_by_key = Code(privacy=C1)
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["subject_text", "day"], name="contact_subject_day"),
            models.Index(fields=["address_index", "day"], name="contact_address_day"),
        ]

    @property
    def subject(self) -> str:
        """The attempt itself, for the track; the debtor is `subject_text`."""
        return f"contact:{self.number}"

    def as_used(self, subject_text: str) -> contact_rules.Used:
        """The attempt as the pure rules count it for one debtor."""
        is_same = self.subject_text == subject_text
        return contact_rules.Used(self.channel, self.purpose, self.status, self.outcome, self.address_index, is_same)


class ContactBlock(models.Model):
    """Somebody who may not be contacted (or not for some purposes) until it is lifted."""

    subject_text = Code(max_length=80, db_index=True)
    reason = models.CharField(max_length=12, choices=labels.BLOCK_REASONS)
    note = LongText(privacy=C2, blank=True)
    starts_on = models.DateField()
    blocked_by_name = Text(privacy=C2, max_length=80)
    lifted_on = models.DateField(null=True)
    lifted_by_name = Text(privacy=C2, max_length=80, blank=True)
    lift_note = LongText(privacy=C2, blank=True)

    class Meta:
        verbose_name = _("联系限制")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_text", "reason"], condition=models.Q(lifted_on__isnull=True), name="contact_block_once"
            )
        ]

    @property
    def subject(self) -> str:
        return self.subject_text


class Complaint(models.Model):
    """What a customer is not content with, or wants of us by right; `subject_text` is the customer. It is answered by `due_on`."""

    number = Code(unique=True)
    status = models.CharField(max_length=8, choices=COMPLAINT.choices(), default="received")
    subject_text = Code(max_length=80)
    kind = models.CharField(max_length=12, choices=labels.COMPLAINT_KINDS)
    words = LongText(privacy=C2)
    channel = models.CharField(max_length=6, choices=labels.COMPLAINT_CHANNELS)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    received_by_name = Text(privacy=C2, max_length=80)
    due_on = models.DateField()
    answer = LongText(privacy=C2, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by_name = Text(privacy=C2, max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_in_words", condition=models.Q(status="received") | ~models.Q(answer="")),
        ]
        indexes = [
            models.Index(fields=["subject_text", "-id"], name="complaint_subject"),
            models.Index(fields=["due_on"], name="complaint_open", condition=models.Q(status="received")),
        ]

    @property
    def subject(self) -> str:
        """The complaint itself, for the track; the customer is `subject_text`."""
        return f"complaint:{self.number}"


class Rating(models.Model):
    """How a customer found what was done, once for each occasion: one to five, and words. `about` is the loan."""

    subject_text = Code(max_length=80)
    about = Code(max_length=80)
    occasion = models.CharField(max_length=10, choices=labels.OCCASIONS)
    stars = models.PositiveSmallIntegerField()
    words = LongText(privacy=C2, blank=True, default="")
    rated_on = models.DateField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "occasion"], name="rating_once"),
            models.CheckConstraint(name="rating_one_to_five", condition=models.Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [models.Index(fields=["rated_on"], name="rating_day")]

    @property
    def subject(self) -> str:
        return self.about
