"""What the database itself refuses: changing what a model is, or deleting one. An old decision must find it for ever."""

from __future__ import annotations

from chezhe.kernel.append_only import Refusal, altered, keeping

KEEPS_MODELS = keeping(
    "risk_scoringmodel", "model",
    Refusal(
        altered("number", "purpose", "kind", "content_hash", "data_hash", "content", "inputs", "metrics", "card", "parent_id", "is_shipped",
                "uploaded_by_name", "uploaded_at"), "model % is what it is"),
)
