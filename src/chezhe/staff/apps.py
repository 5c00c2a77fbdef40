from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "chezhe.staff"
    label = "staff"
    verbose_name = _("人员与权限")

    def ready(self) -> None:
        from chezhe.kernel import authority
        from chezhe.kernel.loading import load_actions
        from chezhe.staff import entry, permissions, steps, tokens  # noqa: F401
        from chezhe.staff import navigation as own_navigation

        load_actions(self.label)

        authority.register_token_reader(tokens.read_actor)
        own_navigation.register()
        post_migrate.connect(steps.seed_role_permissions, sender=self, dispatch_uid="staff.role_permissions")
