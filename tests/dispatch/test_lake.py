"""Rounds put into a lake and evaluated from there: what a run found, whichever engine works it out."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guatu.cli.exits import Exit
from guatu.cli.main import main
from guatu.declarations import load_pack
from guatu.dispatch.lake import RESULTS, ROUNDS, LakeRequest, add_round, evaluate_lake, fields_named, open_lake
from guatu.dispatch.writing import Outcome
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import load_rulebook
from guatu.engine.tables import LakeRefused, ParquetLake, SparkLake, SparkMissing, spark_session
from guatu.engine.tables.spark import SETTINGS
from guatu.standards.periods import Period
from guatu.text import Refusal
from tests.dispatch.cast import no_notice
from tests.dispatch.conftest import ROOT
from tests.dispatch.conftest import ROUNDS as PERIODS

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def lake(city: dict[str, Outcome], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demonstration city's rounds, put in by the command a user types."""
    home = tmp_path_factory.mktemp("lake")
    with pytest.raises(SystemExit) as ended:
        main(["lake", "add", *(str(one.shown_folder) for one in city.values()), str(home), "--lang", "en"])
    assert ended.value.code == Exit.DONE
    return str(home)


def evaluated(lake: str, out: Path, engine: Engine = "duckdb", *periods: str) -> ParquetLake:
    chosen = tuple(Period.parse(one) for one in periods)
    request = LakeRequest(lake, str(ROOT / "demo/pack"), "yinchuan_2025", str(out), chosen, engine, "local[2]")
    evaluate_lake(request, no_notice)
    return ParquetLake(str(out))


@pytest.fixture(scope="module")
def by_duckdb(lake: str, tmp_path_factory: pytest.TempPathFactory) -> ParquetLake:
    return evaluated(lake, tmp_path_factory.mktemp("duckdb"))


def assert_same(found: ParquetLake, expected: ParquetLake, periods: tuple[str, ...] = PERIODS) -> None:
    """Every table of results, and the bytes of indicators.csv."""
    for period in periods:
        for name in RESULTS:
            assert found.read(name, period).to_pylist() == expected.read(name, period).to_pylist(), (name, period)
        csv = Path("csv") / period / "indicators.csv"
        assert (Path(found.uri) / csv).read_bytes() == (Path(expected.uri) / csv).read_bytes()


def test_a_lake_gives_the_results_the_run_gave(by_duckdb: ParquetLake, city: dict[str, Outcome]) -> None:
    for period in PERIODS:
        run = city[period].shown_folder
        written = Path(by_duckdb.uri) / "csv" / period / "indicators.csv"

        assert written.read_bytes() == (run / "indicators.csv").read_bytes()
        for name in RESULTS:
            kept = pq.read_table(run / "results" / f"{name}.parquet")
            assert by_duckdb.read(name, period).to_pylist() == kept.to_pylist()


def test_the_reference_finds_the_same_in_the_lake(by_duckdb: ParquetLake, lake: str, tmp_path: Path) -> None:
    assert_same(evaluated(lake, tmp_path, "reference", PERIODS[0]), by_duckdb, PERIODS[:1])


@pytest.mark.spark
def test_spark_finds_the_same_in_the_lake_round_after_round(
    by_duckdb: ParquetLake, lake: str, tmp_path: Path, spark: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETTINGS, "spark.sql.codegen.wholeStage", "false")

    assert_same(evaluated(lake, tmp_path, "spark"), by_duckdb)


@pytest.mark.spark
def test_spark_reads_one_round_the_columns_asked_for_and_the_rows_parquet_says_may_match(
    by_duckdb: ParquetLake, spark: object
) -> None:
    opened = SparkLake(by_duckdb.uri)

    frame = opened.frame("lights", "2021-08", ["id", "severity"], {"dimension": ["overall"]})
    plan = frame._jdf.queryExecution().executedPlan().toString()

    files = frame.inputFiles()
    assert files and all("period=2021-08" in file for file in files)
    assert "PushedFilters: [IsNotNull(dimension), EqualTo(dimension,overall)]" in plan
    assert "ReadSchema: struct<id:string,dimension:string,severity:string>" in plan


@pytest.mark.spark
def test_spark_keeps_a_lake_as_we_do(tmp_path: Path, spark: object) -> None:
    rows = pa.table({"item_id": ["a", "b"], "lists": pa.array([["x"], None], pa.list_(pa.string()))})
    opened = SparkLake(str(tmp_path))

    opened.write("items", "2021-08", rows)
    opened.write("items", "2021-07", rows.slice(0, 1))
    opened.write("items", "2021-07", rows.slice(1))

    plain = ParquetLake(str(tmp_path))
    assert opened.periods("items") == plain.periods("items") == ["2021-07", "2021-08"]
    assert plain.read("items", "2021-07").to_pylist() == rows.slice(1).to_pylist()
    opened.remove("items", "2021-07")
    assert opened.tables() == ["items"] and opened.periods("items") == ["2021-08"]
    with pytest.raises(LakeRefused, match="does not hold"):
        opened.read("items", "2021-07")


@pytest.mark.spark
def test_addresses_only_spark_knows_are_read_and_written_by_spark(spark: object, tmp_path: Path) -> None:
    assert isinstance(open_lake("s3a://bucket/lake", "spark"), SparkLake)
    assert isinstance(open_lake(str(tmp_path), "spark"), ParquetLake)
    with pytest.raises(LakeRefused, match="--engine spark"):
        open_lake("oss://bucket/lake", "duckdb")


def test_a_round_alone_looks_back_at_what_was_evaluated_before(
    by_duckdb: ParquetLake, lake: str, tmp_path: Path
) -> None:
    for period in PERIODS:
        evaluated(lake, tmp_path, "duckdb", period)

    assert_same(ParquetLake(str(tmp_path)), by_duckdb)


def test_only_fields_the_rulebook_names_are_read_and_the_rest_change_nothing(
    by_duckdb: ParquetLake, lake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr("guatu.dispatch.lake.fields_named", lambda rulebook: _all(asked, fields_named(rulebook), lake))

    everything = evaluated(lake, tmp_path, "duckdb", PERIODS[0])

    held = set(ParquetLake(lake).columns("items", PERIODS[0]))
    assert {"item_id", "annual_plan", "ytd_done"} <= asked[0] & held < held
    assert_same(everything, by_duckdb, PERIODS[:1])


def _all(asked: list[set[str]], named: set[str], lake: str) -> set[str]:
    asked.append(named)
    return set(ParquetLake(lake).columns("items", PERIODS[0]))


def test_fields_that_link_rows_are_read_though_no_formula_names_them() -> None:
    pack = load_pack("published_progress")
    [key] = pack.files("rulebooks")
    rulebook = load_rulebook(pack.rulebook(key), ledger=pack.ledger, indicators=pack.indicators())

    linking = {field for link in pack.ledger.links.values() for pair in link.same.items() for field in pair}

    assert linking and linking <= fields_named(rulebook)


def test_a_round_put_in_again_replaces_what_was_there(city: dict[str, Outcome], tmp_path: Path) -> None:
    opened = ParquetLake(str(tmp_path))

    first = [add_round(city["2021-06"].shown_folder, opened) for _ in range(2)]

    assert opened.periods(ROUNDS) == ["2021-06"]
    assert opened.read("items", "2021-06").num_rows == first[0].items == first[1].items


def test_no_names_or_phones_enter_the_lake(lake: str) -> None:
    columns = ParquetLake(lake).columns("items", "2021-08")

    assert not {"contact", "phone", "legal_person"} & set(columns)


def test_a_round_the_lake_does_not_hold_is_refused_with_those_it_holds(lake: str, tmp_path: Path) -> None:
    with pytest.raises(LakeRefused, match="2021-06, 2021-07, 2021-08"):
        evaluated(lake, tmp_path, "duckdb", "2021-09")


def test_an_empty_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LakeRefused, match="guatu lake add"):
        evaluated(str(tmp_path), tmp_path / "out")


def test_results_of_another_rulebook_are_not_looked_back_at(by_duckdb: ParquetLake, lake: str, tmp_path: Path) -> None:
    other = ParquetLake(str(tmp_path))
    kept = by_duckdb.read(ROUNDS, "2021-06")
    place = kept.column_names.index("rulebook")
    other.write(ROUNDS, "2021-06", kept.set_column(place, "rulebook", pa.array(["another"])))

    with pytest.raises(Refusal, match="by the rulebook 'another'"):
        evaluated(lake, tmp_path, "duckdb", "2021-07")


def test_the_command_says_what_each_round_came_to(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", lake, "--pack", str(ROOT / "demo/pack"), "--rulebook", "yinchuan_2025", "--json"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--round", "2021-06", "-o", str(tmp_path)])

    [said] = json.loads(capsys.readouterr().out)
    assert ended.value.code == Exit.DONE
    assert (said["round"], said["items"], said["history"]) == ("2021-06", 1423, [])
    assert sum(said["lights"].values()) == 1423


@pytest.mark.parametrize(("part", "remedy"), [("pyspark", "guatu\\[spark\\]"), ("java", "Java 17")])
def test_without_pyspark_or_java_it_says_what_to_install(
    part: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guatu.engine.tables.spark.find_spec", lambda name: None if part == "pyspark" else object())
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)

    with pytest.raises(SparkMissing, match=remedy):
        spark_session("local[2]")
