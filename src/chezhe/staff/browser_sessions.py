"""Django's sessions in the database, read by a statement that is composed once: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db.models.functions import Now

from chezhe.kernel.composed import Composed

_IN_FORCE: Composed[Any] = Composed(
    lambda key: db.SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=Now()), "?",
)


class SessionStore(db.SessionStore):
    """As Django's, whose table and cookies it shares."""

    def _get_session_from_db(self) -> Any:
        found = _IN_FORCE.objects(self.session_key)
        if found:
            return found[0]
        self._session_key = None
        return None
