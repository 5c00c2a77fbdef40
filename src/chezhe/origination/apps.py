from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OriginationConfig(AppConfig):
    name = "chezhe.origination"
    label = "origination"
    verbose_name = _("进件")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.origination import menu, tasks  # noqa: F401

        load_actions("origination")
        menu.register()
