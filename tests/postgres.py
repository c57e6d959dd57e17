"""A throw-away PostgreSQL cluster for a run of tests, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OWNER = "postgres"
"""Who runs the cluster when the tests run as root, which PostgreSQL refuses to be."""


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest version's first; None where they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A running cluster; gives the folder of its socket, which is its host name.

    It forgets on a power cut, in memory where there is such a disk; `durable` keeps its word, as in production.
    """
    in_memory = Path("/dev/shm").is_dir() and not durable  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="pg.", dir="/dev/shm" if in_memory else None))  # noqa: S108
    if os.geteuid() == 0:
        owner = pwd.getpwnam(OWNER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = str(folder / "data")
    try:
        _run(folder, "initdb", "-D", data, "-U", "softphone", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c shared_buffers=16MB -c max_connections=60"
        options += "" if durable else " -c fsync=off"
        _run(folder, "pg_ctl", "-D", data, "-w", "-t", "120", "-l", str(folder / "log"), "-o", options, "start")
        yield str(folder)
        _run(folder, "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url(host: str, name: str) -> str:
    """The URL of one database of the cluster."""
    return f"postgresql://softphone@/{name}?host={host}"


def administer(host: str, statement: str) -> None:
    """Run a statement about databases."""
    with psycopg.connect(url(host, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def _run(folder: Path, program: str, *arguments: str) -> None:
    found = programs()
    assert found is not None, "PostgreSQL's programs are not installed"
    owner = OWNER if os.geteuid() == 0 else None
    subprocess.run(
        [str(found / program), *arguments],
        check=True,
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
    )
