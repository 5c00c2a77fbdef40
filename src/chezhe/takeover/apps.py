from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class TakeoverConfig(AppConfig):
    name = "chezhe.takeover"
    label = "takeover"
    verbose_name = pgettext_lazy("book", "存量迁入")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.takeover import menu, tasks  # noqa: F401

        load_actions("takeover")
        menu.register()
