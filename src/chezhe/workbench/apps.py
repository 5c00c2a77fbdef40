from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "chezhe.workbench"
    label = "workbench"
    verbose_name = _("工作台")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import navigation, saved
        from chezhe.workbench import tasks  # noqa: F401
        from chezhe.workbench.shelf import Shelf

        load_actions("workbench")
        saved.register(Shelf())
        navigation.register(navigation.NavItem(
            key="workbench", group="workbench", label=_("工作台"), url_name="workbench:home", icon="layout-dashboard", order=0,
        ))
        navigation.register(navigation.NavItem(
            key="workbench.audit", group="compliance", label=_("审计记录"), url_name="workbench:audit", permission="workbench.read_audit",
            icon="shield-check", order=90,
        ))
        navigation.register_user_menu(_("列表视图"), "workbench:views", "workbench.keep_views", icon="bookmark", order=40)
