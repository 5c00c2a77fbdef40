"""Read a table from a workbook into a draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.policies import permissions, reading, steps
from chezhe.policies.errors import EditedMeanwhile, NotADraft
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import DRAFT


@action(permissions.EDIT_VERSION, label=_("导入决策表"))
def import_table(*, version_number: str, content: bytes, based_on: str = "", by: Actor) -> PolicyVersion:
    """Replace the table of a draft by that of a workbook or a JSON file, as exported before; lint says what it thinks of it.

    Raises NotFound (404), NotADraft, EditedMeanwhile (409), FileRefused or FileUnreadable (422) with the place in the file.
    """
    version = steps.lock_version(version_number)
    if version.status != DRAFT:
        raise NotADraft(version=version.number)
    if based_on and based_on != version.content_hash:
        raise EditedMeanwhile(name=version.drafted_by_name)
    steps.put(version, reading.table_in_file(content, version.policy))
    steps.sign(version, by)
    version.save()
    return version
