"""How old the data of a server that follows is, and the sign of life that lets it be told.  複製の鮮度"""

from daicho.store.unit import Unit

_AGE = """
SELECT CASE WHEN pg_is_in_recovery()
    THEN greatest(ceil(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())), 1)::bigint
    ELSE 0 END
"""


def age_seconds(unit: Unit) -> int | None:
    """Tell how many whole seconds ago this server held what the leader held; 0 where it leads itself.

    None when it has not replayed anything yet. Both machines' clocks are believed.
    """
    row = unit.execute(_AGE).fetchone()
    return int(row[0]) if row is not None and row[0] is not None else None


def beat(unit: Unit) -> None:
    """Commit something that is nothing, so that a server that follows knows how far it is while nothing happens."""
    unit.execute("SELECT pg_logical_emit_message(true, 'daicho', 'beat')")
