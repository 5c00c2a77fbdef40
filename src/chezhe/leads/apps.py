from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeadsConfig(AppConfig):
    name = "chezhe.leads"
    label = "leads"
    verbose_name = pgettext_lazy("list", "线索")

    def ready(self) -> None:
        from chezhe.kernel import subjects, worklist
        from chezhe.kernel.loading import load_actions
        from chezhe.leads import permissions, queries
        from chezhe.ui import navigation, panels

        load_actions("leads")
        subjects.register("lead", queries.open_subject)
        panels.register("dealer", "leads", _("推荐的线索"), "leads:of_dealer", permissions.VIEW.code, order=20)
        for key, label, url_name, icon, order in (
            ("leads", pgettext_lazy("list", "线索"), "leads:leads", "address-book", 10),
            ("lead_pool", _("公共池"), "leads:pool", "inbox", 12),
        ):
            navigation.register(navigation.NavItem(
                key=key, group="customers", label=label, url_name=url_name, permission=permissions.VIEW.code, icon=icon, order=order,
            ))
        navigation.register_quick(_("新建线索"), "leads:create", permissions.CREATE.code, icon="address-book", order=10)
        worklist.register(worklist.Pile(
            "leads_due", _("待联系的线索"), "leads:leads", permissions.FOLLOW.code, queries.count_due, queries.first_due,
            icon="phone", order=30, verb=_("联系"), query="scope=own&state=open&sort=touch_next_on", late=queries.count_late,
        ))
        worklist.register(worklist.Pile(
            "leads_unassigned", _("待分配的线索"), "leads:leads", permissions.ASSIGN.code, queries.count_unassigned,
            queries.first_unassigned, icon="user-plus", order=31, verb=_("分配"), query="state=new",
        ))
