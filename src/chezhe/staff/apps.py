from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def load_actions(room: str) -> None:
    """Import every action of a room, so that the permission matrix and the responsibility page know them."""
    package = import_module(f"{room}.actions")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")


class StaffConfig(AppConfig):
    name = "chezhe.staff"
    label = "staff"
    verbose_name = _("人员与权限")

    def ready(self) -> None:
        from chezhe.kernel import authority
        from chezhe.staff import permissions, steps, tokens  # noqa: F401
        from chezhe.staff import navigation as own_navigation

        load_actions(self.name)

        authority.register_token_reader(tokens.read_actor)
        own_navigation.register()
        post_migrate.connect(steps.seed_role_permissions, sender=self, dispatch_uid="staff.role_permissions")
