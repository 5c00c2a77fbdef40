from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "chezhe.portal"
    label = "portal"
    verbose_name = _("客户与车商门户")

    def ready(self) -> None:
        from chezhe.kernel import subjects
        from chezhe.kernel.loading import load_actions
        from chezhe.portal import entry, handlers, queries  # noqa: F401

        load_actions("portal")
        subjects.register(queries.VISITOR, queries.open_visitor)
