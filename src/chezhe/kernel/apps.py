from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "chezhe.kernel"
    label = "kernel"
    verbose_name = _("内核")

    def ready(self) -> None:
        from chezhe.kernel import numbers

        post_migrate.connect(numbers.create_sequences, dispatch_uid="kernel.numbers")
