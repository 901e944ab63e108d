"""`[[dismissed]]` of `issue.toml`: findings of the checks that the author lets stand, each with her reason."""

from digest.adapters.stores.toml_tables import Table, assignments, quoted
from digest.models.issue import Dismissal

_KEYS = frozenset({"finding", "check", "where", "words", "reason"})


def read_dismissal(table: Table) -> Dismissal:
    """Read one table. Raises FileFormatError with file and line; without a reason nothing is dismissed."""
    table.check_keys(_KEYS)
    return Dismissal(
        finding_id=table.required("finding"),
        check=table.text("check"),
        where=table.text("where"),
        words=table.text("words"),
        reason=table.required("reason"),
    )


def written_dismissal(dismissal: Dismissal) -> str:
    """Return the table of one dismissal."""
    values = {
        "finding": quoted(dismissal.finding_id),
        "check": quoted(dismissal.check),
        "where": quoted(dismissal.where),
        "words": quoted(dismissal.words) if dismissal.words else "",
        "reason": quoted(dismissal.reason),
    }
    return "\n[[dismissed]]\n" + assignments(values)
