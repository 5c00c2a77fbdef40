"""Sentences are whole, in both languages, for one thing and for many."""

from __future__ import annotations

import re
from decimal import Decimal

import polib
import pytest
from django.utils import translation

from chezhe.finmath.allocation import COST_FIRST, AllocationRule
from chezhe.finmath.terms import Method
from tests.architecture import house
from tests.architecture.house import report

# What is never one, or is a rule and no count.
COUNTED = re.compile(r"%\((\w+)\)s (days past due|things|lines|months)\b")
RANGES = ("%(low)s to %(high)s months", "The term must be between %(low)s and %(high)s months.")


def test_no_sentence_is_glued_to_another() -> None:
    findings = [
        f"{path.relative_to(house.ROOT)}: {entry.msgid}" for path in house.SOURCE.glob("*/locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path)) if len(entry.msgid) > 1 and entry.msgid.startswith(("，", "；", "。", "、"))
    ]
    for path in house.SOURCE.rglob("*.html"):
        glued = re.findall(r"""{% translate ["'][^"']*：["'] %}{{""", path.read_text())
        findings += [f"{path.relative_to(house.ROOT)}: {found}" for found in glued]
    assert not findings, report(findings)


def test_english_counts_one_as_one() -> None:
    findings = [
        f"{path.relative_to(house.ROOT)}: {entry.msgstr}" for path in house.SOURCE.glob("*/locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path)) if not entry.msgid_plural and COUNTED.search(entry.msgstr) and entry.msgstr not in RANGES
    ]
    assert not findings, report(findings)


def test_nothing_is_no_valid_thing() -> None:
    findings = [
        f"{path.relative_to(house.ROOT)}: {entry.msgstr}" for path in house.SOURCE.glob("*/locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path)) if re.search(r"\bis no valid\b", entry.msgstr)
    ]
    assert not findings, report(findings)


@pytest.mark.parametrize(("days", "chinese", "english"), [(1, "M1 · 逾期 1 天", "M1 · 1 day past due"), (45, "M2 · 逾期 45 天", "M2 · 45 days past due")])
def test_a_bucket_counts_its_days(days: int, chinese: str, english: str) -> None:
    from chezhe.servicing import pages

    with translation.override("zh-hans"):
        assert str(pages.bucket_status(days).label) == chinese and pages.days_late(days) == f"逾期 {days} 天"
    with translation.override("en"):
        assert str(pages.bucket_status(days).label) == english


def test_the_terms_of_a_product_are_whole_sentences() -> None:
    from chezhe.products import pages
    from chezhe.products.rules import MethodPrice

    rates = {"rate_min": Decimal("0.08"), "rate_max": Decimal("0.12"), "rate_default": Decimal("0.10")}
    price = MethodPrice(method=Method.BALLOON, **rates, balloon_rate=Decimal("0.3"))
    late = AllocationRule(late_order=COST_FIRST, late_after_days=90)
    with translation.override("zh-hans"):
        assert pages._price_fact(price)[1].endswith("，尾款 30%") and "；逾期超过 90 天后 " in pages.order_words(late)
    with translation.override("en"):
        said = f"{pages._price_fact(price)[1]} {pages.order_words(late)} {pages.order_words(AllocationRule())}"
        assert ", balloon 30%" in said and "more than 90 days overdue: " in said and not re.search("[\u4e00-\u9fff；，]", said)
