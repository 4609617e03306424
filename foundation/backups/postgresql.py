"""
PostgreSQL: pg_dump reads the snapshot that a transaction of ours exports, so that the rows by which pictures are found
are exactly those of the dump. The client programs must be no older than the server.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from foundation.backups import BackupFailed

KIND, FILE = "postgresql", "database.dump"
# In the transaction that restores: what the dump does not know of would stand in its way.
EMPTY = """
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT format('%I.%I', n.nspname, c.relname) AS name,
      CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE'
      END AS sort
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
  LOOP EXECUTE format('DROP %s IF EXISTS %s CASCADE', it.sort, it.name); END LOOP;
END $$;
"""


@contextlib.contextmanager
def snapshot(folder: Path, left_out: list[str]) -> Iterator[str]:
    """Writes the dump into `folder` and yields the name of a connection that sees the same instant."""
    connections.databases["backup"] = {**connections.databases["default"], "CONN_MAX_AGE": 0}
    try:
        connection = connections["backup"]
        program = _program("pg_dump", connection)
        with transaction.atomic(using="backup"), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone()
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
            options += [f"--exclude-table-data={table}" for table in left_out]
            _run([program, *options, f"--file={folder / FILE}"])
            yield "backup"
    finally:
        connections["backup"].close()
        del connections["backup"], connections.databases["backup"]


def check(folder: Path) -> None:
    """Reads the dump through, as restoring it does."""
    _run([_program("pg_restore"), "--file=/dev/null", str(folder / FILE)], with_address=False)


def load(folder: Path) -> None:
    """
    In one transaction: either the other database stands there, or the one that stood there before. The dump is written
    out first, so that one which breaks off in the middle reaches no database.
    """
    psql, restore = _program("psql"), _program("pg_restore", connections["default"])
    connections["default"].close()
    with tempfile.TemporaryDirectory(prefix="antiempire-restore-") as name:
        first, script = Path(name) / "first.sql", Path(name) / "dump.sql"
        first.write_text(f"SET lock_timeout = '30s';\n{EMPTY}")
        options = ["--no-owner", "--no-privileges", f"--file={script}", str(folder / FILE)]
        _run([restore, *options], with_address=False)
        quietly = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run([psql, *quietly, f"--file={first}", f"--file={script}"])


def _program(name: str, connection=None) -> str:
    """The newest there is; with a connection, one that is no older than the server it leads to."""
    places = [Path(found)] if (found := shutil.which(name)) else []
    places += Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    if not places:
        wanted = f"postgresql-client-{_server(connection)}" if connection else "postgresql-client"
        raise BackupFailed(f"PostgreSQL's program {name} is not installed. On Debian: apt install {wanted}")
    version, newest = max((_version(place), place) for place in places)
    if connection and version < _server(connection):
        raise BackupFailed(
            f"{name} is of version {version} and the server of version {_server(connection)}: an older program cannot "
            f"read a newer server. On Debian: apt install postgresql-client-{_server(connection)}"
        )
    return str(newest)


def _version(program: Path) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.search(r"(\d+)", told.partition(")")[2])[1])


def _server(connection) -> int:
    connection.ensure_connection()
    return connection.pg_version // 10000


def _run(command: list[str], *, with_address: bool = True) -> None:
    """The password travels in the environment, where other users of the machine do not see it."""
    arguments, environ = DatabaseClient.settings_to_cmd_args_env(connections.databases["default"], [])
    # The database's name stands last and without an option, which the programs understand differently.
    address = [*arguments[1:-1], f"--dbname={arguments[-1]}"] if with_address else []
    done = subprocess.run(  # noqa: S603
        [*command, *address], env={**os.environ, **(environ or {})}, capture_output=True, text=True
    )
    if done.returncode:
        raise BackupFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
