from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "chezhe.documents"
    label = "documents"
    verbose_name = _("资料")

    def ready(self) -> None:
        from chezhe.documents import permissions, tasks  # noqa: F401
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import panels

        load_actions("documents")
        for kind in ("customer", "vehicle", "dealer"):
            panels.register(kind, "documents", _("资料"), "documents:panel", permissions.VIEW.code, order=40)
