"""Figures and the lender's particulars change by two people, and what was once in force stays."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.compliance import queries
from chezhe.compliance.actions.approve_lender import approve_lender
from chezhe.compliance.actions.approve_parameter import approve_parameter
from chezhe.compliance.actions.propose_parameter import propose_parameter
from chezhe.compliance.actions.reject_lender import reject_lender
from chezhe.compliance.actions.reject_parameter import reject_parameter
from chezhe.compliance.actions.set_lender import set_lender
from chezhe.compliance.seeds import parameters as seeds
from chezhe.compliance.steps import Figure, FigureHeld, Particulars
from chezhe.finmath.money import Money
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, NotPermitted, SamePerson, WrongState
from chezhe.kernel.models import Parameter, StatusMove

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)
LPR = Figure(code="LPR1Y", value="0.029", effective_from=date(2026, 3, 20), source="全国银行间同业拆借中心 2026-03-20")


def propose(cast, figure=LPR, by="he", reason="LPR 下调"):
    return propose_parameter(figure=figure, reason=reason, business_date=TODAY, by=cast[by])


def test_a_figure_counts_from_its_day_once_a_second_person_agrees(cast):
    change = propose(cast)
    assert parameters.rate("LPR1Y", date(2026, 3, 20)) == parameters.rate("LPR1Y", date(2026, 3, 19))
    approve_parameter(change_number=change.number, by=cast["gao"])
    assert str(parameters.rate("LPR1Y", date(2026, 3, 19))) == "0.0300"
    assert str(parameters.rate("LPR1Y", date(2026, 3, 20))) == "0.029"
    change.refresh_from_db()
    assert (change.status, change.decided_by_name) == ("approved", "Gao")
    assert [m.status_to for m in StatusMove.objects.filter(subject=change.subject).order_by("id")] == ["proposed", "approved"]


def test_the_proposer_cannot_agree_nor_can_a_seller(cast):
    change = propose(cast)
    with pytest.raises(SamePerson):
        approve_parameter(change_number=change.number, by=cast["he"])
    with pytest.raises(NotPermitted):
        approve_parameter(change_number=change.number, by=cast["lin"])
    with pytest.raises(NotPermitted):
        propose(cast, by="lin")


def test_the_checker_is_of_the_other_office(cast):
    change = propose(cast, by="gao")
    approve_parameter(change_number=change.number, by=cast["he"])
    assert Parameter.objects.filter(code="LPR1Y", effective_from=LPR.effective_from).exists()


def test_a_vote_in_the_inbox_does_the_same(cast):
    change = propose(cast)
    cast_vote(request_number=change.request_number, verdict="agree", by=cast["gao"])
    assert Parameter.objects.filter(code="LPR1Y", effective_from=LPR.effective_from).count() == 1


def test_a_refused_figure_changes_nothing_and_stays_refused(cast):
    change = propose(cast)
    with pytest.raises(BusinessError) as caught:
        reject_parameter(change_number=change.number, opinion="", by=cast["gao"])
    assert (caught.value.code, caught.value.field) == ("opinion_missing", "opinion")
    reject_parameter(change_number=change.number, opinion="尚未公布", by=cast["gao"])
    assert not Parameter.objects.filter(effective_from=LPR.effective_from).exists()
    with pytest.raises(WrongState):
        approve_parameter(change_number=change.number, by=cast["gao"])
    with pytest.raises(NotFound):
        approve_parameter(change_number="PC26-999999-9", by=cast["gao"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "NO_SUCH"}, "code"), ({"value": "3%"}, "value"), ({"value": "-0.01"}, "value"), ({"value": "NaN"}, "value"),
        ({"value": "101"}, "value"), ({"value": "0.12345678901"}, "value"), ({"source": "  "}, "source"),
        ({"effective_from": date(2026, 2, 12)}, "effective_from"), ({"effective_to": date(2026, 3, 19)}, "effective_to"),
        ({"code": "COST_SHEET_REQUIRED_PERSONAL", "value": "yes"}, "value"), ({"code": "DISPUTE_DAYS", "value": "1.5"}, "value"),
        ({"code": "COLLECT_QUIET_FROM", "value": "25:00"}, "value"), ({"code": "CAP_MEASURE", "value": "both"}, "value"),
        ({"code": "ENTRUST_WC", "value": "1000.005"}, "value"),
    ],
)
def test_a_wrong_figure_is_refused_beside_its_field(cast, changes, field):
    with pytest.raises(Invalid) as caught:
        propose(cast, replace(LPR, **changes))
    assert caught.value.field == field


def test_a_figure_may_reach_back_a_month_and_no_further(cast):
    assert propose(cast, replace(LPR, effective_from=date(2026, 2, 13))).status == "proposed"


def test_a_day_that_has_its_figure_is_not_overwritten_even_by_two_proposals(cast):
    with pytest.raises(Invalid):
        propose(cast, replace(LPR, effective_from=date(2025, 5, 20)))
    first, second = propose(cast), propose(cast, replace(LPR, value="0.028"))
    approve_parameter(change_number=first.number, by=cast["gao"])
    with pytest.raises(FigureHeld):
        approve_parameter(change_number=second.number, by=cast["gao"])
    assert str(parameters.rate("LPR1Y", date(2026, 3, 20))) == "0.029"


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_row_of_the_table_can_neither_be_changed_nor_removed(verb):
    rows = Parameter.objects.filter(code="CAP_ALLIN_24")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        rows.update(value="0.36") if verb == "update" else rows.delete()


def test_sowing_again_adds_nothing():
    before = Parameter.objects.count()
    seeds.sow()
    assert Parameter.objects.count() == before and before > 80


def test_every_seeded_figure_has_words_a_source_and_a_degree_of_confidence():
    from chezhe.compliance import labels

    for row in Parameter.objects.all():
        assert row.code in labels.PARAMETERS and row.source
        assert any(words in row.note for words in seeds.CONFIDENCE.values()), row.code
    assert set(labels.PARAMETERS) == set(Parameter.objects.values_list("code", flat=True))


def test_the_page_shows_what_is_in_force_what_comes_and_what_has_ended(cast):
    approve_parameter(change_number=propose(cast).number, by=cast["gao"])
    lpr = next(f for f in queries.figures(TODAY) if f.row.code == "LPR1Y")
    assert (lpr.status, lpr.row.value, lpr.next_row.value) == ("in_force", "0.0300", "0.029")
    subsidy = next(f for f in queries.figures(date(2027, 1, 1)) if f.row.code == "SUBSIDY_PP")
    assert subsidy.status == "ended"
    assert {f.row.code for f in queries.figures(TODAY, text="LPR")} >= {"LPR1Y", "LPR5Y", "CAP_MCC_LPR4"}


NEW_LENDER = Particulars(
    name="虚构汽车金融有限公司", licence_type="afc", region="310000", uscc="", net_assets=Money(100_000_000_000)
)


@pytest.fixture
def particulars():
    from random import Random

    from chezhe.identifiers.synthetic import invent_uscc

    return replace(NEW_LENDER, uscc=invent_uscc(Random(1)))


def test_the_lender_changes_its_licence_only_by_two_people(cast, particulars):
    change = set_lender(particulars=particulars, reason="换发许可证", business_date=TODAY, by=cast["he"])
    assert queries.lender().licence_type == "mcc"
    with pytest.raises(SamePerson):
        approve_lender(change_number=change.number, by=cast["he"])
    approve_lender(change_number=change.number, by=cast["gao"])
    lender = queries.lender()
    assert (lender.licence_type, lender.region, lender.is_demo) == ("afc", "310000", False)


def test_a_refused_change_of_the_lender_leaves_it_as_it_was(cast, particulars):
    change = set_lender(particulars=particulars, reason="换发许可证", business_date=TODAY, by=cast["he"])
    reject_lender(change_number=change.number, opinion="许可证未到", by=cast["gao"])
    assert queries.lender().licence_type == "mcc"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"licence_type": "club"}, "licence_type"), ({"region": "33"}, "region"), ({"uscc": "91330100MATEYXXX00"}, "uscc"),
     ({"net_assets": Money(0)}, "net_assets")],
)
def test_wrong_particulars_are_refused_beside_their_field(cast, particulars, changes, field):
    with pytest.raises(Invalid) as caught:
        set_lender(particulars=replace(particulars, **changes), reason="x", business_date=TODAY, by=cast["he"])
    assert caught.value.field == field
