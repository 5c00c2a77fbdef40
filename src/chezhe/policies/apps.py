from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "chezhe.policies"
    label = "policies"
    verbose_name = _("决策表")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.policies import menu, seeds

        load_actions("policies")
        menu.register()
        post_migrate.connect(seeds.seed_policies, sender=self, dispatch_uid="policies.shipped")
