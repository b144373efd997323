"""Whether the PostgreSQL that the tests are to run on answers; if not, say so plainly (exit code 75: left out)."""

from __future__ import annotations

import sys

import psycopg

LEFT_OUT = 75


def main(address: str) -> int:
    server = address.rpartition("/")[0]
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=5) as connection:
            row = connection.execute("SHOW server_version").fetchone()
    except psycopg.OperationalError as error:
        print(
            f"left out: the hub's tests on PostgreSQL; {server} does not answer ({' '.join(str(error).split())[:160]})"
        )
        print("没有运行：平台在 PostgreSQL 上的测试；那里没有应答。make test POSTGRES=地址 可另指一处。")
        return LEFT_OUT
    print(f"The hub's tests again, on PostgreSQL {row[0] if row else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
