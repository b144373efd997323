import pytest

from guatu.standards.divisions import (
    Alias,
    Division,
    Divisions,
    Level,
    UnknownDivision,
    all_divisions,
    national_divisions,
)

QINGDAO = {
    "370202": "市南区", "370203": "市北区", "370211": "黄岛区", "370212": "崂山区", "370213": "李沧区",
    "370214": "城阳区", "370215": "即墨区", "370281": "胶州市", "370283": "平度市", "370285": "莱西市",
}  # fmt: skip


@pytest.fixture(scope="module")
def divisions() -> Divisions:
    return national_divisions()


def codes(divisions: Divisions, name: str, within: str | None = None) -> list[str]:
    return [division.code for division in divisions.find(name, within).candidates]


def test_the_table_holds_the_whole_country(divisions: Divisions) -> None:
    levels = [division.level for division in divisions if not division.retired]

    assert levels.count(Level.PROVINCE) == 31
    assert levels.count(Level.CITY) == 342
    assert sum(code.isdigit() and len(code) == 6 for code in (division.code for division in divisions)) > 3300


def test_the_districts_of_a_city(divisions: Divisions) -> None:
    assert {division.code: division.name for division in divisions.children("370200")} == QINGDAO


def test_a_code_leads_up_to_its_province(divisions: Divisions) -> None:
    assert [division.name for division in divisions.chain("370285")] == ["山东省", "青岛市", "莱西市"]


def test_a_municipality_has_its_districts_directly(divisions: Divisions) -> None:
    assert [division.name for division in divisions.chain("110101")] == ["北京市", "东城区"]


@pytest.mark.parametrize(
    "code", ["37", "370000", "3702", "370200", "370203", "370203000000", "370214400", "370214400000"]
)
def test_short_and_statistical_codes_are_read(divisions: Divisions, code: str) -> None:
    assert divisions.require(code).code == (code[:9] if code.startswith("370214") else code[:6].ljust(6, "0"))


@pytest.mark.parametrize("code", ["", "370299", "99", "abc", "370203000001", "37020"])
def test_an_unknown_code_is_none_or_refused_where_it_stands(divisions: Divisions, code: str) -> None:
    assert divisions.get(code) is None
    with pytest.raises(UnknownDivision) as refusal:
        divisions.require(code, where="pack.yaml:7")

    assert refusal.value.where == "pack.yaml:7"
    assert code in refusal.value.what.zh and code in refusal.value.what.en


@pytest.mark.parametrize(
    ("code", "name", "year", "successor"),
    [("370205", "四方区", 2012, "370203"), ("370284", "胶南市", 2012, "370211"), ("370282", "即墨市", 2017, "370215")],
)
def test_a_retired_code_knows_its_name_year_and_successor(
    divisions: Divisions, code: str, name: str, year: int, successor: str
) -> None:
    division = divisions.require(code)

    assert division.retired is not None
    assert (division.name, division.retired.year, division.retired.successors) == (name, year, (successor,))
    assert [now.code for now in divisions.current(code)] == [successor]
    assert [now.code for now in divisions.current(successor)] == [successor]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("市北区", "370203"),
        ("市北", "370203"),
        ("平度", "370283"),
        (" 莱西 市", "370285"),
        ("青岛市市南区", "370202"),
        ("青岛市南区", "370202"),
        ("山东省青岛市黄岛区", "370211"),
        ("西海岸新区", "370211"),
        ("青岛西海岸新区", "370211"),
        ("即墨市", "370215"),
        ("即墨区", "370215"),
        ("高新区", "370214400"),
        ("蓝谷", "370215Z01"),
        ("青岛高新技术产业开发区", "370214400"),
        ("胶南市", "370284"),
    ],
)
def test_names_in_use_inside_a_city(divisions: Divisions, name: str, code: str) -> None:
    assert codes(divisions, name, "370200") == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [("青岛", "370200"), ("山东", "370000"), ("内蒙古", "150000"), ("北京市", "110000"), ("新疆", "650000")],
)
def test_names_of_cities_and_provinces(divisions: Divisions, name: str, code: str) -> None:
    assert codes(divisions, name) == [code]


def test_a_name_several_divisions_share_gives_candidates_and_no_guess(divisions: Divisions) -> None:
    everywhere = divisions.find("鼓楼区")

    assert everywhere.division is None
    assert len(everywhere.candidates) > 3
    assert codes(divisions, "鼓楼", "320100") == ["320106"]


def test_a_name_every_city_uses_is_known_only_inside_one(divisions: Divisions) -> None:
    assert codes(divisions, "高新区") == []
    assert codes(divisions, "高新区", "370000") == []
    assert codes(divisions, "高新区", "370200") == ["370214400"]


@pytest.mark.parametrize("name", ["", "市辖区", "县", "北", "火星区", "青岛市火星区", "省直辖县级行政区划"])
def test_what_is_no_place_is_not_found(divisions: Divisions, name: str) -> None:
    assert codes(divisions, name) == []


def test_development_zones_are_functional_zones_not_districts(divisions: Divisions) -> None:
    assert divisions.require("320576").level is Level.FUNCTIONAL_ZONE
    assert divisions.require("370214400").level is Level.FUNCTIONAL_ZONE
    assert divisions.is_within("370214400", "370200")


def test_callers_add_their_own_zones_and_names(divisions: Divisions) -> None:
    zone = Division("370285Z01", "莱西经济开发区", Level.FUNCTIONAL_ZONE, "370285")

    more = divisions.extended([zone], [Alias("莱西经开区", zone.code), Alias("经开区", zone.code, scope="370285")])

    assert codes(more, "莱西经开区") == [zone.code]
    assert codes(more, "经开区", "370285") == [zone.code]
    assert codes(more, "经开区", "370200") == []
    assert codes(divisions, "莱西经开区") == []


def test_an_alias_of_nothing_is_refused_by_its_name(divisions: Divisions) -> None:
    with pytest.raises(UnknownDivision) as refusal:
        divisions.extended(aliases=[Alias("某新区", "370299")])

    assert refusal.value.where == "某新区"


def test_every_district_is_found_by_its_full_name_within_its_city(divisions: Divisions) -> None:
    lost = [
        division
        for division in divisions
        if division.level is Level.DISTRICT
        and not division.retired
        and division.parent
        and division not in divisions.find(division.name, division.parent).candidates
    ]

    assert lost == []


def test_every_parent_exists(divisions: Divisions) -> None:
    assert all(divisions.chain(division.code)[0].level is Level.PROVINCE for division in divisions)


def test_all_divisions_are_places_in_force_and_come_after_their_parents() -> None:
    seen: set[str] = set()
    for division in all_divisions():
        assert division.parent is None or division.parent in seen
        assert division.retired is None and division.name != "市辖区"
        seen.add(division.code)

    assert {"370203", "370214400", "110101"} <= seen
    assert not {"370205", "110100"} & seen


def test_a_division_carries_the_names_by_which_it_is_known_everywhere(divisions: Divisions) -> None:
    assert divisions.require("370211").aliases == ("西海岸新区", "青岛西海岸新区")
    assert divisions.require("370214400").aliases == ("青岛高新区",)
