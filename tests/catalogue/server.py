"""A real PostgreSQL server of the tests' own: a new cluster in a temporary folder, on a socket in it, no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUPERUSER = "pressmark"
START_S = 30.0


def find_programs() -> Path | None:
    """The folder of initdb and postgres; None where the machine has none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


def find_account() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root; None: as we do."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Starts a server and gives the URL of its first database; stopped, and its folder removed, at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pressmark-postgres-"))
    account = find_account()
    if account:
        shutil.chown(folder, account)
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    data = folder / "data"
    # A collation that is not by code point, so that an order which leans on the server's shows.
    collation = ["--locale-provider=icu", "--icu-locale=uk"]
    subprocess.run(
        [programs / "initdb", "-D", data, "-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--no-sync", *collation],
        user=account, env=environment, cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            user=account, env=environment, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(server, folder)
            yield f"postgresql://{SUPERUSER}@/postgres?host={folder}"
        finally:
            # SIGTERM waits for clients; SIGINT disconnects them.
            server.send_signal(2)
            server.wait(START_S)
            shutil.rmtree(folder)


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Returns when the server takes connections."""
    import psycopg

    end = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.05)
