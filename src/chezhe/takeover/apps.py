from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TakeoverConfig(AppConfig):
    name = "chezhe.takeover"
    label = "takeover"
    verbose_name = _("存量迁入")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.takeover import menu, tasks  # noqa: F401

        load_actions("takeover")
        menu.register()
