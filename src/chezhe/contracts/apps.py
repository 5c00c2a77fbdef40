from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "chezhe.contracts"
    label = "contracts"
    verbose_name = _("合同与放款")

    def ready(self) -> None:
        from chezhe.contracts import handlers, navigation, queries, steps, tasks, vocabulary  # noqa: F401
        from chezhe.contracts.collateral import insuring
        from chezhe.contracts.conditions import registry as conditions
        from chezhe.contracts.costs import postings
        from chezhe.contracts.wording import seeds
        from chezhe.kernel import roles
        from chezhe.kernel.loading import load_actions
        from chezhe.ledger.vocabulary import name_event
        from chezhe.payments import guards
        from chezhe.risk.guarantees import standing

        post_migrate.connect(seeds.seed_wording, sender=self, dispatch_uid="contracts.wording")
        conditions.register_own(vocabulary.CONDITIONS)
        conditions.register(conditions.Condition(
            code=insuring.CONDITION, label=_("保险以贷款人为第一受益人并覆盖放款日"), owner=roles.COLLATERAL_OPS,
            standing=insuring.standing))
        load_actions("contracts")
        navigation.register()
        name_event(postings.EVENT, _("放款前费用"))
        guards.register("disbursement", steps.guard_payout)
        standing.register("application", queries.stands_for)
