"""Which words hold on a day, and the versions of a kind."""

from __future__ import annotations

from datetime import date

from chezhe.contracts.papers.forms import Text, shipped_text
from chezhe.contracts.wording import shipped
from chezhe.contracts.wording.models import Clause, ClauseVersion, TemplateVersion
from chezhe.contracts.wording.rules import Wording
from chezhe.contracts.wording.states import PUBLISHED
from chezhe.kernel.errors import NotFound


def current(kind: str, on: date) -> TemplateVersion | None:
    """The version of a kind's words that holds on a day: the newest that was published and has begun."""
    rows = TemplateVersion.objects.filter(kind=kind, status=PUBLISHED, effective_from__lte=on)
    return rows.order_by("-effective_from", "-version").first()


def text(kind: str, on: date) -> Text:
    """The words of a kind on a day with their edition; a sheet of figures has none."""
    found = current(kind, on) if kind in shipped.KINDS else None
    return Text(found.number, found.wording) if found else shipped_text(kind)


def version_called(number: str) -> TemplateVersion:
    """A version. Raises NotFound (404)."""
    found = TemplateVersion.objects.select_related("base").filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def newest_published(kind: str) -> TemplateVersion | None:
    """The version published last, whether it has begun or not."""
    return TemplateVersion.objects.filter(kind=kind, status=PUBLISHED).order_by("-version").first()


def library() -> list[ClauseVersion]:
    """Every clause in its newest version."""
    return list(ClauseVersion.objects.select_related("clause").order_by("clause__code", "-version").distinct("clause__code"))


def read(content: dict[str, object]) -> Wording:
    """Words as an editor sends them, clauses looked up in the library; one that is not there is empty, which lint says."""
    version = TemplateVersion(content=content)
    return version.wording


def clause(code: str) -> Clause:
    """A clause of the library. Raises NotFound (404)."""
    found = Clause.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


