from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ApprovalsConfig(AppConfig):
    name = "chezhe.approvals"
    label = "approvals"
    verbose_name = pgettext_lazy("list", "审批")

    def ready(self) -> None:
        from chezhe.approvals import access, actions, handlers, limiting, navigation, permissions, tasks  # noqa: F401

        for module in iter_modules(actions.__path__):
            import_module(f"{actions.__name__}.{module.name}")
        access.register()
        limiting.register()
        navigation.register()
