"""
Every state that the ledger's rows were committed in, so that a figure on a page can be held to the ledger of its moment
even if that moment was short: a gift that is refunded at once stands for a few milliseconds. The database keeps the
states itself, by a trigger that works at the end of each transaction; one transaction at a time, so that none is missed
when two end together. PostgreSQL only.
"""

from django.db import connection, transaction

from benchmarks.load.verdict import Figure

TABLE = "donations_contribution"
PUT_BACK = f"INSERT INTO {TABLE} SELECT * FROM jsonb_populate_recordset(NULL::{TABLE}, %s::jsonb)"
KEEP = f"""
    CREATE TABLE load_history (id bigserial PRIMARY KEY, at float8 NOT NULL, rows jsonb NOT NULL);
    CREATE FUNCTION load_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('load_history'));
        INSERT INTO load_history (at, rows)
            SELECT extract(epoch FROM clock_timestamp()), coalesce(jsonb_agg(to_jsonb(kept)), '[]') FROM {TABLE} kept;
        RETURN NULL;
    END $$;
    INSERT INTO load_history (at, rows)
        SELECT extract(epoch FROM clock_timestamp()), coalesce(jsonb_agg(to_jsonb(kept)), '[]') FROM {TABLE} kept;
    CREATE CONSTRAINT TRIGGER load_keep AFTER INSERT OR UPDATE OR DELETE ON {TABLE}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION load_keep();
"""


def keep() -> None:
    """From now on. The state of this moment is the first."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP)


def truths() -> list[Figure]:
    """What the ledger said in each of them, oldest first; `at` in seconds of the wall clock. Costs a few ms each."""
    from donations import tally, wording

    with connection.cursor() as cursor:
        cursor.execute("SELECT at, rows::text FROM load_history ORDER BY id")
        states = cursor.fetchall()
        found, last = [], None
        with transaction.atomic():
            for at, rows in states:
                if rows == last:
                    continue
                cursor.execute(f"DELETE FROM {TABLE}")
                cursor.execute(PUT_BACK, [rows])
                found.append(Figure(at, wording.sentence(tally.for_ask().tally)))
                last = rows
            transaction.set_rollback(True)
    return found
