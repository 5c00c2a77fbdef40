from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChannelsConfig(AppConfig):
    name = "chezhe.channels"
    label = "channels"
    verbose_name = pgettext_lazy("list", "渠道")

    def ready(self) -> None:
        from chezhe.channels import permissions, queries
        from chezhe.kernel import subjects
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import navigation, panels

        load_actions("channels")
        subjects.register("dealer", queries.open_subject)
        panels.register("dealer", "profile", pgettext_lazy("profile", "车商资料"), "channels:profile", permissions.VIEW.code, order=0)
        panels.register("dealer", "people", _("车商人员"), "channels:people", permissions.VIEW.code, order=5)
        navigation.register(navigation.NavItem(
            key="dealers", group="customers", label=_("车商与渠道"), url_name="channels:dealers",
            permission=permissions.VIEW.code, icon="building-store", order=40,
        ))
