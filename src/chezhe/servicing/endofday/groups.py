"""The groups of accrual and their books as whole tables: one statement each, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

_ADD_CHANGES = """
WITH taken AS (DELETE FROM servicing_accrualchange RETURNING product_version_id, branch_id, basis, denominator, weight, origin)
INSERT INTO servicing_accrualgroup AS kept (product_version_id, branch_id, basis, denominator, weight, origin)
SELECT product_version_id, branch_id, basis, denominator, sum(weight), sum(origin) FROM taken GROUP BY 1, 2, 3, 4
ON CONFLICT (product_version_id, branch_id, basis, denominator)
DO UPDATE SET weight = kept.weight + excluded.weight, origin = kept.origin + excluded.origin
"""
_KEEP_BOOKS = """
UPDATE servicing_accrualbook book SET posted_fen = book.posted_fen + added.fen, closed_on = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS added (id, fen) WHERE book.id = added.id
"""
_UNLIKE = """
WITH said AS (
  SELECT product_version_id, branch_id, accrual_basis AS basis, accrual_denominator AS denominator,
         sum(accrual_weight) AS weight, sum(accrual_origin) AS origin FROM servicing_loan GROUP BY 1, 2, 3, 4
), kept AS (
  SELECT product_version_id, branch_id, basis, denominator, sum(weight) AS weight, sum(origin) AS origin
    FROM (SELECT product_version_id, branch_id, basis, denominator, weight, origin FROM servicing_accrualgroup
          UNION ALL SELECT product_version_id, branch_id, basis, denominator, weight, origin FROM servicing_accrualchange) AS parts
   GROUP BY 1, 2, 3, 4
)
SELECT concat_ws('/', v.number, coalesce(said.branch_id, kept.branch_id), basis, denominator),
       concat_ws('|', coalesce(said.weight, 0), coalesce(said.origin, 0)),
       concat_ws('|', coalesce(kept.weight, 0), coalesce(kept.origin, 0))
  FROM said FULL JOIN kept USING (product_version_id, branch_id, basis, denominator)
  JOIN products_productversion v ON v.id = product_version_id
 WHERE (coalesce(said.weight, 0), coalesce(said.origin, 0)) <> (coalesce(kept.weight, 0), coalesce(kept.origin, 0))
 ORDER BY 1
"""


def unlike() -> list[tuple[str, str, str]]:
    """Groups that are not the sum of their loans' shares: name, what the loans make, what the group and its changes say."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE)
        return cursor.fetchall()


def add_changes() -> None:
    """Changes that have been committed join their groups, once: whatever is taken out here is what is added."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CHANGES)


def keep_posted(added: Mapping[int, int], day: date) -> None:
    """Books by id have had these fen posted for `day`."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_BOOKS, [day, list(added), list(added.values())])
