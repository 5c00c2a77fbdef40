"""What somebody decided about a month's VAT."""

from django.utils.translation import gettext_lazy as _

from chezhe.servicing.states import computed_run

VAT = computed_run(_("增值税计提"))
