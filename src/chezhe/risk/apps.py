from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RiskConfig(AppConfig):
    name = "chezhe.risk"
    label = "risk"
    verbose_name = _("风控")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.risk import handlers, menu, tasks  # noqa: F401

        load_actions("risk")
        menu.register()
