"""Sign somebody out somewhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.staff import permissions, queries, sessions
from chezhe.staff.models import StaffSession


@action(permissions.OWN_ACCOUNT, label=_("结束登录"))
def end_session(*, session_id: int, by: Actor) -> StaffSession:
    """End one's own sign-in elsewhere, or anybody's with the right to; it fails from the next request on."""
    session = StaffSession.objects.select_related("user").filter(pk=session_id).first()
    if session is None or not queries.may_end(session.user_id, by):
        raise NotFound(what=session_id)
    sessions.end(session, clock.now())
    return session
