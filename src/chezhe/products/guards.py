"""What the database itself refuses: changing a version that has left the draft, and deleting any version."""

from __future__ import annotations

from chezhe.kernel.append_only import Refusal, altered, keeping

KEEPS_VERSIONS = keeping(
    "products_productversion", "product version",
    Refusal(
        f"OLD.status <> 'draft' AND {altered('product_id', 'version', 'number', 'content', 'content_hash', 'effective_from')}",
        "product version % has left the draft"),
    Refusal(
        "OLD.status IN ('published', 'retired', 'discarded') AND NEW.status NOT IN (OLD.status, 'retired')",
        "product version % cannot be reopened"),
)
