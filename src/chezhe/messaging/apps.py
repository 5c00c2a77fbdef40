from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "chezhe.messaging"
    label = "messaging"
    verbose_name = _("消息")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.messaging import permissions, tasks  # noqa: F401
        from chezhe.ui import navigation, panels

        load_actions("messaging")
        navigation.register(navigation.NavItem(
            "messaging.messages", "customers", _("消息"), "messaging:messages", permissions.VIEW.code, "message", 80
        ))
        navigation.register(navigation.NavItem(
            "messaging.templates", "settings", _("消息模板"), "messaging:templates", permissions.VIEW.code, "template", 60
        ))
        panels.register("customer", "messages", _("消息"), "messaging:panel", permissions.VIEW.code, order=65)
        post_migrate.connect(_sow, sender=self, dispatch_uid="messaging.seeds")


def _sow(**_: Any) -> None:
    from chezhe.messaging import seeds

    seeds.sow()
