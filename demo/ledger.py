"""Report the demonstration's three rounds into the hub's ledger through the same door as everybody, have each judged, and
count what the ledger then holds.

    python -c "import django; django.setup(); from demo.ledger import main; main(('2021-06',))"

Needs a site filled by `demo/hub.py`. Every count and sum of expected.csv that a ledger holds of itself (projects, started, included,
total investment, plan and investment of the year, for all projects and for every list units state) is held against the ledger as of
the round's last day.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from demo.compare import EXPECTED, rows
from django.utils import timezone

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.assessment.actions.rounds import evaluate
from guatu.hub.assessment.models import Run, RunState
from guatu.hub.assessment.task import judge
from guatu.hub.audit.source import Door, Source
from guatu.hub.ledger.actions.imports import submit_import, take_import
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Figure, Import, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.packs import declared
from guatu.standards.periods import Period

HERE = Path(__file__).resolve().parent
ROUNDS = ("2021-06", "2021-07", "2021-08")
LEDGER = "key_projects"
RULEBOOK = "yinchuan_2025"
SOURCE = Source(Door.CLI, request="demo")
ALL = "全部"
FLAGS = {"started_count": "is_started", "included_count": "is_included"}
SUMS = {"ytd_done_wan": "ytd_done", "annual_plan_wan": "annual_plan"}


def report(rounds: tuple[str, ...] = ROUNDS) -> None:
    """Install the city's pack, then every district's workbook of each round: sent, read, taken by the dispatcher."""
    at = timezone.now()
    if not Ledger.objects.filter(key=LEDGER).exists():
        install_pack(folder=HERE / "pack", by=_acting("sun", at), at=at)
    for period in rounds:
        for path in sorted((HERE / period).glob("*.xlsx")):
            send_and_take(path, period)


def send_and_take(path: Path, period: str) -> None:
    """A district's workbook of a round, named after the district: sent, read, taken by the dispatcher."""
    at, content = timezone.now(), path.read_bytes()
    by = _acting("zhao", at)
    sent = submit_import(
        ledger=Ledger.objects.get(key=LEDGER), unit=Unit.objects.get(title_zh=path.stem), period=period,
        file_name=path.name, content=content, sha256=hashlib.sha256(content).hexdigest(), by=by, at=at,
    )  # fmt: skip
    read_import.func(sent.pk)
    sent = Import.objects.get(pk=sent.pk)
    if sent.state != ImportState.READY:
        said = sent.refusal_en or "; ".join(one.reason_en for one in sent.findings.all()[:5])
        sys.exit(f"{path}: {sent.state} {said}")
    take_import(sent=sent, by=by, at=timezone.now())


def judge_rounds(rounds: tuple[str, ...] = ROUNDS, rulebook: str = RULEBOOK) -> list[Run]:
    """Each round judged in its turn, as the dispatcher has it done."""
    runs = []
    for period in rounds:
        at = timezone.now()
        ledger = Ledger.objects.select_related("pack").get(key=LEDGER)
        run = evaluate(ledger=ledger, rulebook=rulebook, period=period, by=_acting("zhao", at), at=at)
        judge.func(run.pk)
        run.refresh_from_db()
        if run.state != RunState.JUDGED:
            sys.exit(f"{period}: {run.state} {run.refusal_en}")
        runs.append(run)
    return runs


def _acting(username: str, at: datetime) -> Actor:
    return Actor.of(Person.objects.get(username=username), at=at, source=SOURCE)


def counted(period: str) -> Mapping[tuple[str, str, str], int]:
    """(unit code, list title, measure) -> what the ledger holds as of the round's last day."""
    ledger = Ledger.objects.get(key=LEDGER)
    declaration = declared(ledger)
    items = Item.objects.filter(ledger=ledger)
    codes = dict(Unit.objects.values_list("pk", "code"))
    figures = {
        (item, field): amount
        for item, field, amount in Figure.objects.in_force()
        .filter(item__in=items, period=period, field__in=SUMS.values())
        .values_list("item_id", "field", "amount")
    }
    found: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for item_id, row in rows_on(items, Period.parse(period).last_day):
        for title in (ALL, *_titles(row.lists, declaration)):
            for unit in (codes[row.unit], "370200"):
                found[unit, title, "project_count"] += 1
                found[unit, title, "total_investment_wan"] += int(row.values.get("total_investment") or 0)
                for measure, field in FLAGS.items():
                    found[unit, title, measure] += row.values.get(field) is True
                for measure, field in SUMS.items():
                    found[unit, title, measure] += figures.get((item_id, field)) or 0
    return found


def _titles(lists: tuple[str, ...], ledger: LedgerDeclaration) -> Iterator[str]:
    return (ledger.lists[key].title.zh for key in lists)


def compare(period: str) -> tuple[int, list[str]]:
    """How many figures of expected.csv the ledger bears out for a round, and those it does not."""
    found = counted(period)
    known = {title for _, title, _ in found}
    agreed, wrong = 0, []
    for row in rows(EXPECTED):
        measure = row["measure"]
        if row["round"] != period or row["list"] not in known or measure not in {measure for _, _, measure in found}:
            continue
        have = found.get((row["unit_code"], row["list"], measure), 0)
        shown = _wan(have) if measure.endswith("_wan") else str(have)
        if shown == row["value"]:
            agreed += 1
        else:
            wrong.append(f"{row['unit']} {row['list']} {measure}: expected {row['value']}, found {shown}")
    return agreed, wrong


def _wan(fen: int) -> str:
    """分 as 万元, every digit."""
    whole, rest = divmod(fen, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def main(rounds: tuple[str, ...]) -> int:
    report(rounds)
    failed = 0
    for period in rounds:
        agreed, wrong = compare(period)
        print(f"  {period}: {agreed} figures of the ledger as expected, {len(wrong)} different", flush=True)
        for one in wrong[:10]:
            print(f"    {one}")
        failed += len(wrong)
    for run in judge_rounds(rounds):
        print(f"  {run.period}: judged, {run.counts}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ROUNDS))
