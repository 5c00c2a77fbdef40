from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "chezhe.ui"
    label = "ui"
    verbose_name = _("界面")

    def ready(self) -> None:
        from chezhe.kernel.action import name_verbs

        name_verbs({"ui.export_list": _("导出列表")})
