"""The consent ledger: what stands, what ran out, what was taken back."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from chezhe.compliance import queries, steps
from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.compliance.models import Consent
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
TODAY, SUBJECT = date(2026, 3, 16), "probe:P1"


def give(cast, kind="credit_query", by="lin", **more):
    said = {"subject": SUBJECT, "kind": kind, "channel": "paper", "evidence": "DOC-1", "business_date": TODAY, **more}
    return grant_consent(**said, by=cast[by])


def take_back(cast, kind="credit_query"):
    return withdraw_consent(subject=SUBJECT, kind=kind, channel="recording", evidence="REC-9", business_date=TODAY, by=cast["lin"])


def test_without_a_word_of_the_person_nothing_may_rest_on_a_consent():
    with pytest.raises(steps.ConsentMissing) as caught:
        steps.require_consent(SUBJECT, "credit_query", TODAY)
    assert caught.value.code == "consent_missing" and "征信查询授权" in str(caught.value)


def test_a_consent_names_the_text_it_was_given_to(cast):
    give(cast)
    entry = steps.require_consent(SUBJECT, "credit_query", TODAY)
    assert (entry.text.version, entry.evidence, entry.recorded_by_name) == (1, "DOC-1", "Lin")
    assert not steps.has_consent(SUBJECT, "credit_query", date(2026, 3, 15))
    assert not steps.has_consent(SUBJECT, "marketing", TODAY) and not steps.has_consent("probe:P2", "credit_query", TODAY)


def test_a_withdrawal_counts_at_once_and_a_new_consent_after_it_too(cast):
    give(cast)
    take_back(cast)
    assert not steps.has_consent(SUBJECT, "credit_query", TODAY)
    assert Event.objects.get(name="consent.withdrawn").payload == {"subject": SUBJECT, "kind": "credit_query"}
    with pytest.raises(steps.ConsentNotGiven):
        take_back(cast)
    give(cast)
    assert steps.has_consent(SUBJECT, "credit_query", TODAY)
    assert [e.is_granted for e in queries.consent_history(SUBJECT)] == [True, False, True]


def test_a_consent_ends_with_its_last_day(cast):
    give(cast, expires_on=date(2026, 6, 30))
    assert steps.has_consent(SUBJECT, "credit_query", date(2026, 6, 30))
    assert not steps.has_consent(SUBJECT, "credit_query", date(2026, 7, 1))
    standing = {s.kind: s for s in queries.consents_of(SUBJECT, date(2026, 7, 1))}
    assert not standing["credit_query"].is_in_force and standing["marketing"].entry is None and len(standing) == 7


@pytest.mark.parametrize(
    ("more", "field"),
    [({"kind": "everything"}, "kind"), ({"channel": "rumour"}, "channel"), ({"evidence": " "}, "evidence"),
     ({"expires_on": date(2026, 3, 15)}, "expires_on")],
)
def test_a_consent_without_proof_or_of_no_kind_is_refused(cast, more, field):
    with pytest.raises(Invalid) as caught:
        give(cast, **more)
    assert caught.value.field == field and not Consent.objects.exists()


def test_the_ledger_only_grows(cast):
    entry = give(cast)
    for change in (lambda: Consent.objects.filter(pk=entry.pk).update(is_granted=False), entry.delete):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


def test_nobody_writes_consents_of_a_stranger_nor_without_the_right(cast):
    with pytest.raises(NotFound):
        give(cast, subject="probe:P2")
    with pytest.raises(NotPermitted):
        give(cast, by="zhao")
    with pytest.raises(NotPermitted):
        grant_consent(subject=SUBJECT, kind="marketing", channel="paper", evidence="D", business_date=TODAY, by=WU)
