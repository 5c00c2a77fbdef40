"""A statement that is composed once finds what the queryset finds, with other values each time."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.kernel.composed import Composed, Question, answers
from chezhe.kernel.models import BusinessDay, Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures() -> list[Parameter]:
    return list(Parameter.objects.order_by("pk")[:3])


def test_objects_are_those_of_the_queryset(figures: list[Parameter]) -> None:
    by_key = Composed(lambda mark: Parameter.objects.filter(pk=mark), -1)
    for figure in figures:
        found = by_key.objects(figure.pk)
        assert found == [figure] and vars(found[0]).keys() == vars(figure).keys()
        assert [getattr(found[0], f.attname) for f in Parameter._meta.concrete_fields] == [
            getattr(figure, f.attname) for f in Parameter._meta.concrete_fields]
    assert by_key.objects(-5) == []


def test_columns_and_several_values(figures: list[Parameter]) -> None:
    two = Composed(lambda first, second: Parameter.objects.filter(pk__in=[first, second]).order_by("pk").values_list("pk", "code"), -1, -2)
    assert [tuple(row) for row in two.rows(figures[0].pk, figures[2].pk)] == [(f.pk, f.code) for f in (figures[0], figures[2])]


def test_it_is_composed_once(figures: list[Parameter], django_assert_num_queries: Any) -> None:
    asked = []

    def make(mark: int) -> Any:
        asked.append(mark)
        return Parameter.objects.filter(pk=mark)

    by_key = Composed(make, -1)
    with django_assert_num_queries(3):
        for figure in figures:
            by_key.objects(figure.pk)
    assert asked == [-1]


def test_a_value_may_stand_in_several_places(figures: list[Parameter]) -> None:
    both = Composed(lambda mark: Parameter.objects.filter(pk__gte=mark, pk__lte=mark), -1)
    assert both.objects(figures[1].pk) == [figures[1]]


def test_a_stand_in_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="is not among"):
        Composed(lambda mark: BusinessDay.objects.all(), -1).objects(1)


def test_questions_of_different_tables_go_in_one_trip(figures: list[Parameter], django_assert_num_queries: Any) -> None:
    code = Composed(lambda mark: Parameter.objects.filter(pk=mark).values_list("code"), -1)
    value = Composed(lambda mark: Parameter.objects.filter(pk=mark).values_list("value"), -1)  # what Django reads by a converter
    day = Composed(lambda mark: BusinessDay.objects.filter(pk=mark).values_list("current"), -1)
    first, last = figures[0], figures[2]
    with django_assert_num_queries(1):
        found = answers(
            Question(code, (first.pk,), str), Question(day, (-7,), lambda found: found), Question(value, (last.pk,), lambda found: found),
            Question(code, (-7,), bool),
        )
    assert found == [first.code, None, last.value, False]


def test_text_in_a_pattern_is_taken_literally(figures: list[Parameter]) -> None:
    """What people type may hold the signs of LIKE."""
    holding = Composed(lambda words: Parameter.objects.filter(code__icontains=words).order_by("pk"), "?")
    code = figures[0].code
    for words in (code[1:4].lower(), "%", "_", "\\", code):
        assert holding.objects(words) == list(Parameter.objects.filter(code__icontains=words).order_by("pk"))


def test_what_can_find_nothing_is_not_asked(django_assert_num_queries: Any) -> None:
    none = Composed(lambda mark: Parameter.objects.filter(pk__in=[], code=mark), "?")
    with django_assert_num_queries(0):
        assert none.objects("x") == [] and none.rows("x") == [] and none.counting("x") == ("0", [])
