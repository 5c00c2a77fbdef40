"""Refusals: a sentence the clerk can act on, a stable code, and the facts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class BusinessError(Exception):
    """An expected refusal. Subclass beside the action that raises it.

    `code` is stable and public; `sentence` is a lazy translated text with %(named)s facts;
    `http_status` is what a door answers; `field` names the form field the sentence belongs to.
    """

    code = "refused"
    http_status = 409
    sentence: Any = _("此操作不能进行。")
    field: str | None = None

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.sentence)
        return text % {k: str(v) for k, v in self.facts.items()} if self.facts else text


class NotPermitted(BusinessError):
    code = "not_permitted"
    http_status = 403
    sentence = _("您没有“%(permission)s”的权限，可请%(grantors)s授予。")


class StepUpRequired(BusinessError):
    code = "step_up_required"
    http_status = 403
    sentence = _("此操作涉及资金，请先用动态口令再次确认身份。")


class NotFound(BusinessError):
    """Also raised for what exists but lies outside the actor's scope: it must not be told apart."""

    code = "not_found"
    http_status = 404
    sentence = _("没有找到“%(what)s”，或不在您的数据范围内。")


class Invalid(BusinessError):
    """A value that is wrong on its face. `Invalid(field=…, sentence=…)`."""

    code = "invalid"
    http_status = 422
    sentence = _("填写的内容有误。")

    def __init__(self, *, field: str | None = None, sentence: Any = None, code: str | None = None, **facts: Any) -> None:
        self.field = field
        if sentence is not None:
            self.sentence = sentence
        if code is not None:
            self.code = code
        super().__init__(**facts)


class ReasonRequired(BusinessError):
    """What is done only with a reason was asked for without one."""

    code = "reason_required"
    http_status = 422
    field = "reason"
    sentence = _("请写明原因（至少 2 个字）。")


def require_reason(reason: str, *, most: int | None = None) -> str:
    """The reason without blanks around it. Raises ReasonRequired (422) for less than two characters, or more than `most`."""
    kept = reason.strip()
    if len(kept) < 2 or (most is not None and len(kept) > most):
        raise ReasonRequired()
    return kept


class NothingChanged(BusinessError):
    """A correction that corrects nothing."""

    code = "nothing_changed"
    http_status = 422
    sentence = _("没有改动任何内容。")


class FieldUnknown(BusinessError):
    """Asked for in full, and nothing that can be shown in full."""

    code = "field_unknown"
    http_status = 404
    sentence = _("没有可以查看的“%(field)s”。")


class WrongState(BusinessError):
    code = "wrong_state"
    http_status = 409
    sentence = _("“%(subject)s”目前为“%(status)s”，不能%(verb)s。可进行：%(possible)s。")


class SamePerson(BusinessError):
    """Maker ≠ checker (四眼)."""

    code = "same_person"
    http_status = 409
    sentence = _("%(name)s 已经经办过这一笔，%(verb)s须由另一位同事完成。")


class NoSpace(BusinessError):
    """A disk is full; nothing was done."""

    code = "no_space"
    http_status = 507
    sentence = _("存储空间已满，这次操作没有执行，也没有记账。请联系管理员释放空间后再试。")


class Busy(BusinessError):
    """Somebody else holds what this needs, and held it for longer than we wait."""

    code = "busy"
    http_status = 409
    sentence = _("另一位同事或后台正在处理同一笔业务，请稍后再试。")
