"""What goes into a CSV cannot run as a formula, and a negative figure is no formula."""

import csv
from pathlib import Path

import pytest

from guatu.dispatch.outputs import write_csv


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("＝1+1", "'＝1+1"),
        ("-2+3", "'-2+3"),
        ("-3.2%", "-3.2%"),
        ("-120.5万元", "-120.5万元"),
        ("-120万元（2处坏格按缺失计）", "-120万元（2处坏格按缺失计）"),
        ("东关镇", "东关镇"),
    ],
)
def test_only_what_could_run_is_led_by_an_apostrophe(tmp_path: Path, given: str, written: str) -> None:
    path = tmp_path / "out.csv"

    write_csv(path, ["name"], [{"name": given}])

    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [written]
