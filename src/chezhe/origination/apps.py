from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy


class OriginationConfig(AppConfig):
    name = "chezhe.origination"
    label = "origination"
    verbose_name = pgettext_lazy("list", "进件")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.origination import handlers, menu, tasks  # noqa: F401
        from chezhe.origination.views import voting

        load_actions("origination")
        menu.register(voting.vote)
        post_migrate.connect(_sow, sender=self, dispatch_uid="origination.limits")


def _sow(**_named: Any) -> None:
    from chezhe.origination import seeds

    seeds.sow()
