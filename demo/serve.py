"""Run the demonstration city's site: begin it where it is not there yet, print who may sign in, serve until Ctrl-C.

    python demo/serve.py [--port 8000]

The site lies in out/site and keeps what people change there; remove the folder to begin anew.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "out" / "site"
SIGN_INS = SITE / "demo-sign-ins.txt"
GUATU = [str(Path(sys.executable).with_name("guatu"))]
FILL = "import django; django.setup(); from demo.hub import main; main()"
REPORT = "import sys, django; django.setup(); from demo.ledger import ROUNDS, main; sys.exit(main(ROUNDS))"
PASSWORD_NOTE = "演示密码，只用于本机试用 · demonstration passwords, for trying out on this machine"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if taken(port):
        print(f"端口 {port} 已被占用：换一个，如 make demo PORT={port + 1}")
        print(f"Port {port} is taken: choose another, such as make demo PORT={port + 1}")
        return 3
    environment = {**os.environ, "GUATU_HOME": str(SITE)}
    if not SIGN_INS.exists():
        begin(environment)
    elif code := subprocess.run([*GUATU, "hub", "migrate"], env=environment).returncode:
        return code
    return serve(environment, port)


def taken(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def begin(environment: dict[str, str]) -> None:
    """Fill a new site by the actions people use; the sign-ins stay in a file beside it."""
    print("\n$ guatu hub migrate && python demo/hub.py", flush=True)
    SITE.mkdir(parents=True, exist_ok=True)
    (SITE / "guatu.sqlite3").unlink(missing_ok=True)  # a beginning that was broken off
    subprocess.run([*GUATU, "hub", "migrate"], env=environment, check=True)
    inside = {**environment, "DJANGO_SETTINGS_MODULE": "guatu.hub.config.settings", "PYTHONPATH": str(ROOT)}
    filled = subprocess.run(
        [sys.executable, "-c", FILL], env=inside, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    if filled.returncode:
        sys.exit(filled.returncode)
    print(
        "三十本报表入账，评判三期，约一分钟 · thirty workbooks into the ledger and three rounds judged, about a minute",
        flush=True,
    )
    if code := subprocess.run([sys.executable, "-c", REPORT], env=inside).returncode:
        sys.exit(code)
    SIGN_INS.touch(mode=0o600)
    SIGN_INS.write_text(filled.stdout, encoding="utf-8")


def serve(environment: dict[str, str], port: int) -> int:
    """Serve until told to stop, and stop cleanly."""
    server = subprocess.Popen([*GUATU, "hub", "serve", "--port", str(port)], env={**environment, "GUATU_LOG": "json"},
                              stdout=subprocess.DEVNULL, stderr=(SITE / "log.json").open("a"), start_new_session=True)  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if not answers(server, port):
            print((SITE / "log.json").read_text(encoding="utf-8")[-2000:])
            return 1
        tell(port)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        print("\n正在停止 · stopping", flush=True)
        server.terminate()
        server.wait()


def answers(server: subprocess.Popen[bytes], port: int) -> bool:
    for _ in range(120):
        if server.poll() is not None:
            return False
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.25)
    return False


def tell(port: int) -> None:
    """The address, and who may sign in."""
    rows = [line.split(maxsplit=3) for line in SIGN_INS.read_text(encoding="utf-8").splitlines()]
    heads = ("登录名 sign in as", "密码 password", "姓名 name", "岗位 post")
    widths = [max(width(row[column]) for row in (heads, *rows)) for column in range(3)]
    print(f"\n  网站 site      http://127.0.0.1:{port}\n")
    for row in (heads, *rows):
        print("  " + "  ".join(padded(row, widths)))
    print(f"\n  {PASSWORD_NOTE}")
    print("  按 Ctrl-C 停止 · Ctrl-C stops", flush=True)


def padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [text + " " * (space - width(text)) for text, space in zip(row[:3], widths, strict=True)] + list(row[3:])


def width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    sys.exit(main())
