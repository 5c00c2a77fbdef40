from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChannelsConfig(AppConfig):
    name = "chezhe.channels"
    label = "channels"
    verbose_name = pgettext_lazy("list", "渠道")

    def ready(self) -> None:
        from chezhe.channels import permissions, queries
        from chezhe.channels.commission import piles
        from chezhe.channels.commission import queries as commission_queries
        from chezhe.kernel import subjects
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import navigation, panels

        load_actions("channels")
        subjects.register("dealer", queries.open_subject)
        subjects.register("commission_plan", commission_queries.open_plan)
        panels.register("dealer", "profile", pgettext_lazy("profile", "车商资料"), "channels:profile", permissions.VIEW.code, order=0)
        panels.register("dealer", "people", _("车商人员"), "channels:people", permissions.VIEW.code, order=5)
        panels.register("dealer", "commission", _("返佣方案"), "channels:commission_of", permissions.VIEW.code, order=6)
        piles.register()
        navigation.register(navigation.NavItem(
            key="commission-plans", group="customers", label=_("返佣方案"), url_name="channels:commission_plans",
            permission=permissions.VIEW.code, icon="coin-yuan", order=41,
        ))
        navigation.register(navigation.NavItem(
            key="dealers", group="customers", label=_("车商与渠道"), url_name="channels:dealers",
            permission=permissions.VIEW.code, icon="building-store", order=40,
        ))
