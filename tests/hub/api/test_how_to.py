"""The program printed in the how-to does what it says, in both languages, at a running site."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.hub.api.test_duplicates import of_its_own
from tests.hub.live import ROOT, live_site

PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)


def printed(page: str) -> str:
    found = PROGRAM.search((ROOT / "docs/how-to" / page).read_text(encoding="utf-8"))
    assert found is not None
    return textwrap.dedent("   " + found[1].lstrip())


@pytest.mark.parametrize(("page", "says"), [("use-the-api.md", "1 towns"), ("use-the-api.zh-CN.md", "1 个镇街")])
def test_the_printed_program_reads_the_units_and_renames_one(tmp_path: Path, page: str, says: str) -> None:
    with live_site(tmp_path, database=of_its_own(), workers=1) as site:
        (tmp_path / ".guatu-token").write_text(site.tokens["sun"], encoding="utf-8")
        program = printed(page).replace("https://guatu.example.gov.cn", site.base)
        done = subprocess.run(
            [sys.executable, "-c", program], env={"HOME": str(tmp_path)}, stdout=subprocess.PIPE, text=True, check=True
        )
        assert done.stdout.strip() == says
        assert site.ask(f"Unit.objects.get(pk={site.units['town']}).title_zh") == "东关街道"
