"""View-models of 日终中心: the run as a card with its steps, what stopped it, the history, and a day computed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.servicing import turns
from chezhe.servicing.endofday import carry, faults, progress, proving, runs
from chezhe.servicing.models import EndOfDay, EndOfDayFault, Recomputation
from chezhe.servicing.states import END_OF_DAY
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Job
from chezhe.ui.status import Status

STATUSES = {
    "running": Status(gettext_lazy("进行中"), "progress"), "paused": Status(pgettext_lazy("run", "已暂停"), "warning"),
    "closed": Status(gettext_lazy("已完成"), "good"),
}
STEPS = {
    progress.OPENED: gettext_lazy("开启下一业务日"), progress.SHARDS: gettext_lazy("分批处理贷款"),
    progress.INTEREST: gettext_lazy("计提当日利息"), progress.SNAPSHOT: gettext_lazy("保存账簿快照"),
    progress.REMINDERS: gettext_lazy("安排到期提醒"), progress.PROOF: gettext_lazy("夜间核对"),
}
STATES = {
    progress.DONE: Status(gettext_lazy("已完成"), "good"), progress.RUNNING: Status(gettext_lazy("进行中"), "progress"),
    progress.WAITING: Status(pgettext_lazy("end of day", "等待中"), "neutral"),
    progress.PAUSED: Status(pgettext_lazy("run", "已暂停"), "warning"),
    progress.FAILED: Status(pgettext_lazy("end of day", "有问题"), "danger"),
    progress.LEFT_OUT: Status(pgettext_lazy("end of day", "未安排"), "neutral"),
}
TURNED = {
    turns.DUE: gettext_lazy("新到期"), turns.OVERDUE: gettext_lazy("新逾期"), turns.CURED: gettext_lazy("逾期还清"),
    turns.MOVED: gettext_lazy("账期变动"),
}
PARTS = {faults.FINISH: gettext_lazy("计提与完成"), faults.SNAPSHOT: gettext_lazy("账簿快照")}
COLUMNS = {
    "recognised": gettext_lazy("已到期期数"), "principal_left": gettext_lazy("剩余本金"), "principal_due": gettext_lazy("应收本金"),
    "interest_due": gettext_lazy("应收利息"), "fee_due": gettext_lazy("应收费用"), "unapplied": gettext_lazy("暂收款"),
    "oldest_due_on": gettext_lazy("最早欠款到期日"), "next_due_on": gettext_lazy("下一到期日"), "is_off_book": gettext_lazy("利息已转表外"),
    "deposit": gettext_lazy("保证金"), "annual_rate": gettext_lazy("年利率"), "observed_until": gettext_lazy("重组观察期至"),
    "performing_since": gettext_lazy("最近一次还清欠款"), "status": gettext_lazy("贷款状态"), "settled_on": gettext_lazy("结清日"),
    "matures_on": gettext_lazy("最后到期日"), "dpd": gettext_lazy("逾期天数"), "bucket": gettext_lazy("账期"),
    "five_class": gettext_lazy("五级分类"), "stage": gettext_lazy("减值阶段"),
}
CARRIED_SHOWN = 8
MONEY = {"principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "deposit"}


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of the list of steps."""

    label: Any
    status: Status
    at: datetime | None
    said: str


def card(run: EndOfDay) -> dict[str, Any]:
    """The run as a progress card: loans done of those expected, loans a second, what is left, and what may be done with it."""
    now, standing, night = progress.of(run), faults.standing_of(run), proving.night_of(run)
    is_stuck = bool(standing) or progress.is_silent(run)
    state = {"running": "running", "paused": "waiting", "closed": "done"}[run.status]
    is_long = now.seconds_left is not None and now.seconds_left >= 60
    job = Job(
        title=_("%(day)s 日终") % {"day": run.day}, state=state, done=now.done, total=now.total,
        stage=_("贷款") if now.expected else _("批次"),
        eta=timedelta(seconds=now.seconds_left) if is_long and now.seconds_left else None, message=_said(run, now),
    )
    return {
        "job": job, "run": run, "status": STATUSES[run.status], "url": reverse("servicing:day_progress"), "progress": now, "night": night,
        "steps": [_step(step, now) for step in progress.steps_of(run, now, standing, night)],
        "faults": [_fault(fault) for fault in standing],
        "can_pause": END_OF_DAY.allows(run.status, "pause"), "can_resume": run.status == "paused",
        "can_retry": run.status != "paused" and (is_stuck or bool(now.failures)), "is_silent": is_stuck and not standing,
    }


def turned(run: EndOfDay) -> list[tuple[Any, int]]:
    """What became of the loans that the shards brought along, each with how many."""
    told = runs.turned(run)
    return [(label, told[kind]) for kind, label in TURNED.items()] if told else []


def _said(run: EndOfDay, now: progress.Progress) -> str:
    said = [
        _("已处理 %(loans)s 笔（%(done)s / %(shards)s 批）") % {
            "loans": formats.number(now.loans), "done": now.shards_done, "shards": now.shards},
        _("每秒 %(speed)s 笔") % {"speed": formats.number(now.per_second)}, _("已用 %(time)s") % {"time": duration(now.seconds)},
    ]
    if now.seconds_left is not None and run.status == "running":
        said.append(_("约剩 %(time)s") % {"time": duration(now.seconds_left)})
    if now.one_by_one:
        said.append(_("其中逐笔处理 %(count)s 笔") % {"count": formats.number(now.one_by_one)})
    if now.failures:
        said.append(_("失败 %(count)s 笔") % {"count": formats.number(now.failures)})
    return _("，").join(said)


def duration(seconds: float) -> str:
    """`8.4 秒`, `3 分 20 秒`, `1 小时 5 分`."""
    if seconds < 60:
        return _("%(seconds)s 秒") % {"seconds": f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"}
    if seconds < 3600:
        return _("%(minutes)s 分 %(seconds)s 秒") % {"minutes": int(seconds // 60), "seconds": int(seconds % 60)}
    return _("%(hours)s 小时 %(minutes)s 分") % {"hours": int(seconds // 3600), "minutes": int(seconds % 3600 // 60)}


def _step(step: progress.Step, now: progress.Progress) -> StepRow:
    figure = formats.number(step.figure) if step.figure is not None else ""
    said = {
        progress.SHARDS: _("%(count)s 笔，%(done)s / %(shards)s 批") % {"count": figure, "done": now.shards_done, "shards": now.shards},
        progress.INTEREST: _("%(count)s 条分录") % {"count": figure} if figure else "",
        progress.PROOF: _proof_said(step.state) % {"count": figure} if figure else "",
    }.get(step.name, "")
    return StepRow(STEPS[step.name], STATES[step.state], step.at, said)


def _proof_said(state: str) -> str:
    return _("%(count)s 处不一致") if state == progress.FAILED else _("%(count)s 笔一致")


def _fault(fault: EndOfDayFault) -> dict[str, Any]:
    part = _("第 %(number)s 批") % {"number": (fault.shard or 0) + 1} if fault.part == faults.SHARD else PARTS[fault.part]
    return {"part": part, "reason": fault.reason, "code": fault.code, "attempts": fault.attempts, "at": fault.failed_at}


def rows(several: Sequence[EndOfDay], nights: dict[int, proving.Night]) -> list[dict[str, Any]]:
    """The history, newest first."""
    totals, seconds = runs.totals_of(several), progress.seconds_of(several)
    return [
        {"run": run, "status": STATUSES[run.status], "seconds": duration(seconds[run.pk]) if run.finished_at else "",
         **totals[run.pk], "night": proved(nights.get(run.pk))}
        for run in several
    ]


def proved(night: proving.Night | None) -> Status | None:
    """What the proof of the night found, in the history."""
    if night is None:
        return None
    if night.differing:
        return Status(_("%(count)s 处不一致") % {"count": night.differing}, "danger")
    return Status(_("%(count)s 笔一致") % {"count": night.checked}, "good" if night.is_whole else "progress")


def chart(history: Iterable[dict[str, Any]]) -> Chart | None:
    """Loans that each close touched, oldest first; nothing for less than two, or when none touched any."""
    done = [row for row in reversed(list(history)) if row["run"].finished_at]
    if len(done) < 2 or not any(row["loans"] for row in done):
        return None
    return Chart(
        id="end-of-day", kind="bar", title=_("每日日终处理的贷款"), measure="count", categories=[row["run"].day for row in done],
        series=[Series(_("贷款笔数"), [row["loans"] for row in done])], category_label=_("业务日"), source=_("日终记录"),
        refreshed_at=clock.now(),
    )


def carried(several: Sequence[carry.Carry]) -> dict[str, Any] | None:
    """The first products and branches of the last close with what they carry, and the totals; nothing before the first close."""
    if not several:
        return None
    earned, posted, rest = carry.total(several)
    return {
        "rows": [(row, carry.in_yuan(row.earned), carry.in_fen(row.carried)) for row in several[:CARRIED_SHOWN]], "count": len(several),
        "earned": carry.in_yuan(earned), "posted": posted, "rest": carry.in_fen(rest), "why": why_carried(),
        "closed_on": max(row.closed_on for row in several), "is_rounding": all(row.is_rounding for row in several),
    }


def why_carried() -> str:
    """In a sentence, for whoever looks at it."""
    return _("每笔贷款的利息按分数精确累加，总账只记到分：每个产品与门店四舍五入入账，不足半分的尾差结转到下一次日终，既不丢失也不重复。")


def recomputed(one: Recomputation | None) -> dict[str, Any] | None:
    """What computing a day again found."""
    if one is None:
        return None
    tone = "danger" if one.wrong_count or one.fault else "good"
    return {
        "one": one, "is_over": one.done_at is not None, "tone": tone, "wrong": [_difference(row) for row in one.wrong],
        "news": [_difference(row) for row in one.news],
        "left_out": one.wrong_count + one.news_count - len(one.wrong) - len(one.news),
    }


def _difference(row: dict[str, Any]) -> dict[str, Any]:
    column = row["column"]
    learnt = [
        _("%(reference)s 已冲正") % one if one["is_taken_back"] else _("%(reference)s（%(value_on)s 生效，%(posted_on)s 入账）") % one
        for one in row["learnt"]
    ]
    label = COLUMNS.get(column, column) if column else _("贷款已不存在")
    return {"number": row["number"], "label": label, "kept": _value(column, row["kept"]), "again": _value(column, row["again"]),
            "learnt": _("；").join(learnt)}


def _value(column: str, text: str) -> str:
    if column in MONEY and text.lstrip("-").isdigit():
        return formats.money(Money(int(text)))
    return {"None": "—", "True": _("是"), "False": _("否"), "": "—"}.get(text, text)
