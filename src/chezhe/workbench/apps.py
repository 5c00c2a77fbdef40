from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "chezhe.workbench"
    label = "workbench"
    verbose_name = _("工作台")

    def ready(self) -> None:
        from chezhe.ui import navigation

        navigation.register(navigation.NavItem(
            key="workbench", group="workbench", label=_("工作台"), url_name="workbench:home", icon="layout-dashboard", order=0,
        ))
