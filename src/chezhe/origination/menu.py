"""Where applications stand in the rail, on other rooms' pages, in the inbox and among what waits."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals import figures as approval_figures
from chezhe.approvals import kinds
from chezhe.approvals.kinds import Vote
from chezhe.kernel import subjects
from chezhe.origination import listing, permissions, proposing, queries, steps, worklists
from chezhe.origination.interviewing import queries as interviews
from chezhe.risk import proposals
from chezhe.ui import navigation, panels


def register(vote: Vote) -> None:
    """Called once at start-up; `vote` decides an application from outside its page."""
    subjects.register("application", queries.open_subject)
    subjects.register("interview", interviews.open_subject)
    proposals.register("application", proposing.proposal)
    proposals.register_debtors("application", proposing.debtors)
    kinds.register(kinds.Kind(
        queries.APPROVAL_KIND, _("进件审批"), _review_url, settle=steps.settle_request, permission=permissions.DECIDE.code,
        vote=vote))
    approval_figures.register(
        queries.APPROVAL_KIND, approval_figures.Figures(listing.of_requests, listing.columns, listing.filters))
    _register_panels()
    navigation.register(navigation.NavItem(
        key="applications", group="origination", label=pgettext_lazy("list", "进件"), url_name="origination:applications",
        permission=permissions.VIEW.code, icon="file-text", order=5,
    ))
    navigation.register_quick(_("新建进件"), "origination:start", permissions.WRITE.code, icon="file-text", order=40)
    worklists.register()


def _review_url(subject: str) -> str:
    return reverse("origination:review", args=[subject.partition(":")[2]])


def _register_panels() -> None:
    panels.register("customer", "applications", pgettext_lazy("list", "进件"), "origination:of_customer", permissions.VIEW.code, order=30)
    panels.register("vehicle", "applications", pgettext_lazy("list", "进件"), "origination:of_vehicle", permissions.VIEW.code, order=30)
    panels.offer(panels.Offer("customer", _("新建进件"), "origination:start", permissions.WRITE.code, "file-text", "customer", order=20))
    panels.register("application", "figures", _("概况"), "origination:figures", permissions.VIEW.code, order=0)
    panels.register("application", "offers", _("申请与批复"), "origination:offers", permissions.VIEW.code, order=5)
    panels.register("application", "plan", _("还款计划"), "origination:plan", permissions.VIEW.code, order=10)
    panels.register("application", "documents", _("资料"), "documents:panel", "documents.view", order=40)
    panels.register("application", "interviews", _("面签"), "origination:interviews", permissions.VIEW.code, order=45)
    panels.register("application", "matching", _("识别核对"), "origination:matching", permissions.VIEW.code, order=42)
    panels.register("application", "changes", _("修改记录"), "origination:changes", permissions.VIEW.code, order=80)
    panels.register("application", "track", _("轨迹"), "origination:track", permissions.VIEW.code, order=90)
