"""The form of an interview: who, when, where, every question, and what both sides sign."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.origination import choices
from chezhe.origination.interviewing import queries, questions
from chezhe.origination.interviewing.models import Interview
from chezhe.origination.interviewing.rules import ANSWER_MAX, NOTE_MAX, REMARK_MAX, Said
from chezhe.origination.interviewing.steps import Talk
from chezhe.origination.models import Application
from chezhe.ui import forms

YES_NO = [("yes", _("是")), ("no", _("否"))]


class InterviewForm(forms.Form):
    """Its questions are those of the day; `edition` is what is asked of this person."""

    customer_number = forms.ChoiceField(label=_("面签对象"), initial="")
    channel = forms.ChoiceField(label=_("面签方式"), choices=choices.INTERVIEW_CHANNELS)
    held_on = forms.DateField(label=_("面签日期"))
    held_time = forms.TextField(label=_("面签时间"), max_length=5, help_text=_("24 小时制，例如 14:30。"))
    where = forms.TextField(label=_("面签地点"), max_length=120)
    video_reference = forms.TextField(
        label=_("录像编号"), max_length=120, required=False, help_text=_("视频面签必填；其他方式可用照片代替。"))
    note = forms.LongTextField(label=_("面签人意见"), max_length=NOTE_MAX, required=False)
    reason = forms.TextField(label=_("更正原因"), max_length=200, required=False, help_text=_("已有签妥的记录时必填。"))

    def __init__(self, *args: Any, application: Application, interview: Interview | None = None, at: datetime, **kwargs: Any) -> None:
        people = queries.people_of(application)
        asked_of = interview.customer if interview else _named(people, args[0] if args else None) or people[0]
        local = at.astimezone(clock.SHANGHAI)
        begun = {
            "customer_number": asked_of.number, "held_on": local.date(), "held_time": f"{local:%H:%M}", "where": application.branch.name,
        }
        kwargs["initial"] = {**begun, **(_stored(interview) if interview else {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["customer_number"].choices = [(one.number, one.masked_name) for one in people]  # type: ignore[attr-defined]
        if interview is not None:
            del self.fields["reason"]
        self.edition = queries.asked(application, asked_of, at)
        for question in self.edition.questions:
            self._ask(question)

    def _ask(self, question: questions.Question) -> None:
        words = queries.words_of(question)
        if question.answer == questions.YES_NO:
            self.fields[f"answer_{question.code}"] = forms.RadioField(label=words, choices=YES_NO)
        else:
            self.fields[f"answer_{question.code}"] = forms.LongTextField(label=words, max_length=ANSWER_MAX)
        if question.expected:
            expected = dict(YES_NO)[question.expected]
            hint = _("回答不是“%(expected)s”时必填。") % {"expected": expected}
            remark = forms.TextField(label=_("备注"), max_length=REMARK_MAX, required=False, help_text=hint)
            self.fields[f"remark_{question.code}"] = remark

    def talk(self) -> Talk | None:
        """What was filled in; None with a sentence beside the time when it is none. Only after `is_valid()`."""
        given, moment = self.cleaned_data, _time(self.cleaned_data["held_time"])
        if moment is None:
            self.add_error("held_time", _("请按 24 小时制填写时间，例如 14:30。"))
            return None
        answers = {
            one.code: Said(given[f"answer_{one.code}"], given.get(f"remark_{one.code}", "")) for one in self.edition.questions
        }
        return Talk(
            customer_number=given["customer_number"], held_at=datetime.combine(given["held_on"], moment, clock.SHANGHAI),
            where=given["where"], channel=given["channel"], answers=answers, note=given["note"],
            video_reference=given["video_reference"], reason=given.get("reason", ""),
        )


class SignatureForm(forms.Form):
    """One side's signature: drawn, or on paper."""

    signer = forms.RadioField(label=_("签字方"), choices=choices.INTERVIEW_SIGNERS)
    drawing = forms.FileField(label=_("手写签名图片"), required=False, help_text=_("在框内手写，或选择拍照的签名图片（JPG、PNG、WebP）。"))
    drawing.widget.attrs |= {"data-signature-pad": "", "data-pad-label": _("在此手写签名"), "data-pad-again": _("重写")}
    reference = forms.TextField(
        label=_("柜台签字件编号"), max_length=80, required=False, help_text=_("在纸质记录上签字时填写，与图片二者取一。"))


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("面签照片"), help_text=_("客户与面签人同框的照片，JPG、PNG 或 WebP。"))


def _named(people: list[Any], data: Any) -> Any:
    number = str(data.get("customer_number", "")) if data else ""
    return next((one for one in people if one.number == number), None)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip()) if len(text.strip()) == 5 else None
    except ValueError:
        return None


def _stored(interview: Interview) -> dict[str, Any]:
    local, content = interview.held_at.astimezone(clock.SHANGHAI), interview.content
    plain = {name: getattr(interview, name) for name in ("where", "channel", "video_reference")}
    said = {f"answer_{one['code']}": one["answer"] for one in content["answers"]}
    remarks = {f"remark_{one['code']}": one["remark"] for one in content["answers"]}
    return {**plain, **said, **remarks, "note": content["note"], "held_on": local.date(), "held_time": f"{local:%H:%M}"}
