"""Redmine and this site beside each other on one machine: a list page, REST list, create, summary and export of the same 10,000 projects.

    python benchmarks/beside_redmine.py BENCH [--peers redmine] [--seconds 6] [--repetitions 2] [--connections 1,8] [--only-ours]

BENCH is the folder with the peers' own tools (`peer_redmine.sh`, `peer_targets.py`, `peer_bench.py`); it needs root, Debian's packages
and `wrk`, and keeps everything under PEER_HOME. Both sides stand on the private PostgreSQL of that folder, with the same
projects, two web processes each, and one signed-in person who sees everything; requests come from the same generator in turn.
The measuring tool is copied with one line more: every POST here must carry a key of its own. What is created stays, for nothing
may be taken out of the record; it is therefore measured last. CPU for each request is what to quote; requests a second only
beside the peer's of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hub.live import Site, live_site

LOADING = """\
import csv, pathlib
from datetime import date
from django.db import connection, transaction
from django.utils.timezone import now
from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.ledger.actions.bulk import write_steps
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.revising import Told, next_sequence
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import NEW, Standing, Step
from guatu.hub.ledger.models import Item, Ledger
from guatu.text import Text
from tests.hub.people import found_city

by, data, since = found_city().actor('sun'), pathlib.Path(DATA), date(2026, 1, 1)
install_pack(folder=pathlib.Path(PACK), by=by, at=now())
ledger = Ledger.objects.get(key='beside')
city = Unit.objects.get(pk=CITY)
stages = dict(zip('储备 前期 开工 在建 竣工 投产'.split(), 'reserve early started building finished producing'.split()))
with transaction.atomic():
    units = {
        row['id']: placed(parent=city, kind='department', title=Text(row['name'], ''), on=since, at=now()).pk
        for row in csv.DictReader((data / 'units.csv').open(encoding='utf-8'))
    }

def offered(row):
    money = {key: int(row[key]) * 1_000_000 for key in ('planned', 'done', 'year_plan')}
    words = {key: row[key] for key in ('region', 'kind', 'start', 'due', 'leader')}
    ratio = f"{int(row['ratio']) / 100:.2f}".rstrip('0').rstrip('.')
    values = {'status': 's' + row['status'], 'stage': stages[row['stage']], 'priority': int(row['priority']), 'ratio': ratio}
    return Offer(unit=units[row['unit']], name=row['name'], code=row['code'], values={**money, **words, **values})

with transaction.atomic():
    steps = [Step(NEW, offered(row), 0, {}) for row in csv.DictReader((data / 'projects.csv').open(encoding='utf-8'))]
    told = record(Event.IMPORT_TAKEN, subject=ledger, after={'items': len(steps)}, by=by.as_self(), at=now())
    write_steps(ledger, steps, Standing(Item.objects.none()), Told('imported', since, now(), told), next_sequence(told))
connection.cursor().execute('ANALYZE')
print(json.dumps(units))
"""
ONE_LINE_MORE = ("    n = n + 1\n", '    n = n + 1\n    wrk.headers["Idempotency-Key"] = "beside-" .. n\n')


def main(arguments: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("bench", type=Path)
    asked.add_argument("--peers", default="redmine", help="redmine, nocobase or both, with a comma between")
    asked.add_argument(
        "--without-export", action="store_true", help="leave out the exports, which take the peer longest"
    )
    asked.add_argument("--only-ours", action="store_true", help="no peer: to see that ours runs")
    for name, default in (("--seconds", "6"), ("--repetitions", "2"), ("--connections", "1,8")):
        asked.add_argument(name, default=default)
    told = asked.parse_args(arguments)
    home = Path(os.environ.setdefault("PEER_HOME", str(Path(tempfile.gettempdir(), "peer"))))
    peers = [] if told.only_ours else told.peers.split(",")
    with standing(told.bench, peers) as said, tempfile.TemporaryDirectory() as folder:
        data, targets = home / "data", home / "targets"
        run(sys.executable, told.bench / "peer_data.py", data)
        targets.mkdir(exist_ok=True)
        if peers:
            run(sys.executable, told.bench / "peer_targets.py", targets, input=said)
        variables = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        with live_site(
            Path(folder), database=f"postgresql://postgres@127.0.0.1:{port()}/guatu_beside", workers=2
        ) as site:
            ours = targets / "guatu.json"
            ours.write_text(json.dumps(target(site, loaded(site, data), int(variables["PG_PID"])), ensure_ascii=False))
            measure(told, home, [*(targets / f"{peer}.json" for peer in peers), ours])
    return 0


def port() -> str:
    return os.environ.setdefault("PEER_PG_PORT", "5577")


@contextmanager
def standing(bench: Path, peers: Sequence[str]) -> Iterator[str]:
    """The peers and their database up, at least the database; what their scripts say of themselves. Stopped at the end."""
    try:
        if not peers:
            run("bash", bench / "peer_redmine.sh", "pg")
        said = "".join(
            run("bash", bench / f"peer_{peer}.sh", "up" if peers else "env") for peer in peers or ["redmine"]
        )
        yield said
    finally:
        for peer in [*(one for one in peers if one != "redmine"), "redmine"]:
            run("bash", bench / f"peer_{peer}.sh", "stop")


def run(*line: object, **more: Any) -> str:
    return subprocess.run([str(one) for one in line], check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def loaded(site: Site, data: Path) -> dict[str, int]:
    """The peers' projects as a ledger of ours; ids of units by those of the data set."""
    given = {"DATA": str(data), "PACK": str(Path(__file__).resolve().parent / "beside"), "CITY": site.units["city"]}
    found: dict[str, int] = site.run("".join(f"{name} = {value!r}\n" for name, value in given.items()) + LOADING)
    return found


def target(site: Site, units: dict[str, int], postmaster: int) -> dict[str, Any]:
    """What the measuring tool asks of us: the same five things as of the peers, as one person of the cast."""
    page = {"Cookie": f"session={site.sessions['zhao']}"}
    api = {"Authorization": f"Bearer {site.tokens['zhao']}"}
    third = urlencode({"unit": units["3"], "where": "status:is:s2"})
    by_status = urlencode({"group": "status", "folded": ",".join(f"s{number}" for number in range(1, 7))})
    new = {
        "unit_id": units["9"], "name": "新项目@N@", "code": "N-@N@", "on": "2026-01-01",
        "values": {
            "planned": 12_000_000_000, "done": 0, "region": "东城区", "stage": "reserve", "status": "s1", "start": "2026-01-01",
            "due": "2027-12-31",
        },
    }  # fmt: skip
    return {
        "name": "guatu", "base": site.base, "pids": [site.pid], "db_pids": [postmaster],
        "scenarios": {
            "list_html": {"path": f"/ledgers/beside?{third}", "headers": page, "min_count": ['href="/items/', 50]},
            "list_json": {"path": f"/api/ledgers/beside/items?limit=50&{third}", "headers": api, "min_count": ['"code":', 50]},
            "summary": {"path": f"/ledgers/beside?{by_status}", "headers": page, "must": "已解决"},
            "export": {"path": "/api/ledgers/beside/export?format=csv", "headers": api, "fixed": True, "min_count": ["ZD2026-", 10000]},
            "create": {"method": "POST", "path": "/api/ledgers/beside/items", "ctype": "application/json", "status": 201,
                       "headers": {**api, "Idempotency-Key": "beside-first"}, "body": json.dumps(new, ensure_ascii=False)},
        },
    }  # fmt: skip


def measure(told: argparse.Namespace, home: Path, targets: Sequence[Path]) -> None:
    tool = home / "peer_bench.py"
    tool.write_text(
        (told.bench / "peer_bench.py").read_text(encoding="utf-8").replace(*ONE_LINE_MORE), encoding="utf-8"
    )
    often = ["--seconds", told.seconds, "--reps", told.repetitions, "--conns", told.connections]
    for what in [["--skip", "export"]] if told.without_export else [["--only", "export"], ["--skip", "export"]]:
        out = home / "result" / what[1 if what[0] == "--only" else 0].strip("-")
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run([sys.executable, str(tool), "--out", str(out), *often, *what, *map(str, targets)], check=True)


if __name__ == "__main__":
    sys.exit(main())
