"""Refusals that several actions of the registry share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError
from chezhe.risk.registry import labels
from chezhe.risk.registry.packing import NotAPackage
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.papers.sentences import SENTENCES, sentence


class ModelRefused(BusinessError):
    """A model file that is not registered; `code` is `model_` and what is wrong with it."""

    http_status = 422
    field = "file"
    sentence = _("模型没有登记：%(reason)s。")

    def __init__(self, why: str, reason: str) -> None:
        self.code = f"model_{why}"
        super().__init__(reason=reason.rstrip("。."))


class ModelTwice(BusinessError):
    code = "model_twice"
    field = "file"
    sentence = _("同样内容的模型已经登记为 %(number)s，不必再登记。")


class NothingBefore(BusinessError):
    code = "model_nothing_before"
    sentence = _("%(number)s 之前没有使用过别的模型，无法回退；请登记并启用另一个模型。")


class OutcomesTooFew(BusinessError):
    code = "model_outcomes_too_few"
    http_status = 422
    sentence = _(
        "%(first)s 至 %(last)s 的决策中只有 %(rows)s 笔已有结果（其中不良 %(bads)s 笔），重新校准至少需要 %(rows_min)s 笔且好坏都有。",
    )


class ModelGone(BusinessError):
    code = "model_unreadable"
    sentence = _("模型 %(number)s 的内容无法读取，已停止操作。请报告管理员。")


def of_package(fault: NotAPackage) -> ModelRefused:
    """Why a zip is not read."""
    return ModelRefused(fault.why, str(labels.PACKAGE_FAULTS[fault.why]) % {"name": fault.name})


def of_artefact(fault: ModelError) -> ModelRefused:
    """Why an artefact is not believed, in the reader's language."""
    in_english = (get_language() or "").startswith("en")
    words = sentence(fault.code, fault.facts, in_english) if fault.code in SENTENCES else fault.code
    return ModelRefused(fault.code, words)


def of_content(why: str, **named: Any) -> ModelRefused:
    """Why a sound artefact is no model for this purpose."""
    return ModelRefused(why, str(labels.MODEL_FAULTS[why]) % named)
