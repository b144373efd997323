"""What a ledger declares: its fields with types and units, its lists, and how units write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from guatu.declarations.checks import Checks
from guatu.declarations.located import Place
from guatu.declarations.rounds import Rounds
from guatu.standards.coordinates import CoordinateSystem
from guatu.text import Text


class FieldType(Enum):
    """What a field holds, and how it is stored in every table."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"  # exact decimal
    MONEY = "money"  # integer 分 (hundredths) of `currency`
    AREA = "area"  # integer millionths of a 亩
    PERCENT = "percent"  # exact decimal, 1 = 100 %
    DATE = "date"
    FLAG = "flag"  # true, false or missing
    TAGS = "tags"  # a set of list keys and free tags
    CHOICE = "choice"  # one key of `states`
    PROJECT_CODE = "project_code"
    CREDIT_CODE = "credit_code"
    PEOPLE = "people"  # names, several to a cell
    PHONES = "phones"


class Holder(Enum):
    """Who may hold a duty: a person whatever post they have, whoever is in a post, a unit as such."""

    PERSON = "person"
    POST = "post"
    UNIT = "unit"


class Basis(Enum):
    """Over what span a periodic figure runs (DESIGN §4a.3)."""

    MONTH = "month"
    YEAR_TO_DATE = "year_to_date"
    SINCE_START = "since_start"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the keys a CHOICE field holds, with its name."""

    key: str
    title: Text
    was: tuple[str, ...] = ()
    """Keys it had in earlier versions of the pack: values kept under them become this one."""


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """One field of a ledger and the ways units write its title and its states."""

    key: str
    title: Text
    type: FieldType
    place: Place
    synonyms: tuple[str, ...] = ()
    """Titles seen in the field, besides `title.zh`. A `*` stands for anything, `{month}` for a month."""
    unit: str | None = None
    """Unit shown to people and assumed when neither cell, column nor sheet gives one: 万元, 亩, %."""
    unit_holds: bool = False
    """Whether figures that name no unit are in `unit`, also behind a bare currency sign (£32.24 means £32.24 million).
    Otherwise they are asked about."""
    currency: str | None = None
    foreign: str | None = None
    """For CNY money: the field that takes a foreign amount written in the same cell (never converted)."""
    measure: str | None = None
    basis: Basis | None = None
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """FLAG: `true`/`false` -> words; CHOICE: state key -> words. Words may use `*`."""
    several: bool = False
    """Whether several columns may go by its titles; of an item's cells in them the first that is filled counts."""
    dated_by: str | None = None
    """FLAG: the DATE field that proves it; a date in the flag's column fills both."""
    required: bool = False
    negative: bool = False
    """Whether a negative figure is legal (核减 in a month's figure)."""
    least: int | None = None
    most: int | None = None
    """NUMBER: where its figures lie, where that tells a column from its neighbour (经度 73 to 136)."""
    personal: bool = False
    """Personal data: masked wherever it is shown, never in reasons or snapshots."""
    filterable: bool = False
    """Whether people filter lists by it; the hub then keeps an index of its values."""
    choices: Mapping[str, Choice] = field(default_factory=dict)
    """CHOICE: names of its states, where declared."""
    was: tuple[str, ...] = ()
    """Keys the field had in earlier versions of the pack, of the same type and unit."""

    def choice_title(self, key: str) -> Text:
        """What a state is called, also by a key it no longer has; without a declared name its first word."""
        for one in self.choices.values():
            if key == one.key or key in one.was:
                return one.title
        words = self.states.get(key, ())
        return Text(words[0] if words else key, key.replace("_", " ").capitalize())

    @property
    def may_repeat(self) -> bool:
        """Whether several columns of one table may be this field."""
        return self.several or self.type is FieldType.TAGS

    @property
    def is_personal(self) -> bool:
        """Whether it holds names or phones, declared so or by its type."""
        return self.personal or self.type in (FieldType.PEOPLE, FieldType.PHONES)


@dataclass(frozen=True, slots=True)
class ListDeclaration:
    """A named list items may be on. An item may be on several; totals are per list."""

    key: str
    title: Text
    place: Place
    synonyms: tuple[str, ...] = ()
    where: str | None = None
    """A derived list: an expression over the item's fields and stated lists. None = stated by units."""
    was: tuple[str, ...] = ()
    """Keys it had in earlier versions of the pack."""


@dataclass(frozen=True, slots=True)
class MilestoneDeclaration:
    """A dated fact every item passes (开工, 纳统, 竣工 …), and what counts as having reached it."""

    key: str
    title: Text
    standard: Text
    """The recognition standard: what must be true before the milestone may be claimed."""
    source: Text
    place: Place
    planned: str | None = None
    """DATE field with the planned day."""
    actual: str | None = None
    """DATE field with the day it was reached."""
    reached: str | None = None
    """FLAG field that says it was reached, where units report no date."""
    after: Mapping[str, int] = field(default_factory=dict)
    """Milestones that come before it -> the least number of working days between them."""


@dataclass(frozen=True, slots=True)
class DutyDeclaration:
    """A slot for somebody who answers for an item (牵头, 责任, 配合, 包联领导, 五级责任人, 代办员)."""

    key: str
    title: Text
    place: Place
    fields: tuple[str, ...] = ()
    """Fields in which a report names the holder."""
    required: bool = False
    """Whether an item without a holder is named as lacking one."""
    held_by: tuple[Holder, ...] = tuple(Holder)
    several: bool = False
    """Whether more than one may hold it at a time (配合单位)."""
    level: int | None = None
    """Its place in a chain of levels (五级责任人), the highest 1."""


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A way in which a person says that one item has to do with another: part of, supersedes, stands on."""

    key: str
    title: Text
    """Read from the source: this item … that one (属于)."""
    back: Text
    """Read from the target: 包含."""
    to: tuple[str, ...]
    """Ledgers whose items it may lead to; they may be those of other packs."""
    place: Place
    acyclic: bool = False
    """Whether an item may never lead back to itself by it."""
    single: bool = False
    """Whether an item has at most one of it at a time (属于 one whole)."""


@dataclass(frozen=True, slots=True)
class RemarkKind:
    """A book people write of an item into, entry by entry: a work log, remarks, what is to be mended."""

    key: str
    title: Text
    place: Place
    of_visits: bool = False
    """Whether what is seen on a visit goes into it."""


@dataclass(frozen=True, slots=True)
class VisitBox:
    """What whoever visits an item ticks on its sheet."""

    key: str
    title: Text
    place: Place


@dataclass(frozen=True, slots=True)
class LinkDeclaration:
    """Rows of the same ledger that belong to an item: those whose fields equal this item's (the parts of a total)."""

    key: str
    title: Text
    place: Place
    same: Mapping[str, str]
    """This item's field -> the linked row's field that must hold the same; blank fields link nothing."""


@dataclass(frozen=True, slots=True)
class UnitDeclaration:
    """A node of the unit tree, as a pack for one place declares it."""

    code: str
    title: Text
    place: Place
    synonyms: tuple[str, ...] = ()
    parent: str | None = None
    peers: str | None = None
    """Peer group in which it is ranked; units without one are ranked among their siblings."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """How far an amount may be out of proportion before the sender is asked; None asks nothing."""

    beyond_column: int | None = None
    """Times its column's middle and every other amount of its row."""
    beyond_whole: int | None = None
    """Times the whole it is a part of (a plan beside the total)."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A declared ledger (台账)."""

    key: str
    title: Text
    item: Text
    fields: Mapping[str, FieldDeclaration]
    lists: Mapping[str, ListDeclaration]
    definitions: Mapping[str, tuple[Text, str, Place]]
    """Named row expressions every rulebook may use: key -> (title, expression, place)."""
    blanks: Mapping[str, tuple[str, ...]]
    """Reason -> the words units write when there is nothing to write (slash, dash, none, pending, carry_over …)."""
    no_tags: tuple[str, ...]
    """Words in a list column that put the item on no list (一般)."""
    identity: tuple[tuple[str, ...], ...]
    """Keys that identify an item, strongest first: (project_code,), (credit_code, name), (name,).

    Where the strongest are several and one field alone follows that no column fills, that code is composed of them.
    """
    milestones: Mapping[str, MilestoneDeclaration]
    duties: Mapping[str, DutyDeclaration]
    place: Place
    proportions: Proportions = Proportions()
    rounds: Rounds = field(default_factory=Rounds)
    forecast_from: int | None = None
    """How many of the latest figures a forecast goes straight on from; None: nothing is forecast."""
    links: Mapping[str, LinkDeclaration] = field(default_factory=dict)
    link_kinds: Mapping[str, LinkKind] = field(default_factory=dict)
    remark_kinds: Mapping[str, RemarkKind] = field(default_factory=dict)
    visit_boxes: Mapping[str, VisitBox] = field(default_factory=dict)
    position: tuple[str, str] | None = None
    """The NUMBER fields with an item's longitude and latitude, where it has no geometry of its own."""
    address: str | None = None
    """The TEXT field that says in words where an item is: what a visit goes by."""
    position_system: CoordinateSystem = CoordinateSystem.CGCS2000
    """What those two fields are given in; brought to CGCS2000 wherever they are used."""
    unit_field: str | None = None
    """The field that names each item's unit, where one workbook holds the items of many."""
    date_spellings: tuple[str, ...] = ()
    """How days are written besides the Chinese ways, tried first: dd/mm/yyyy, dd.mm.yy."""
    encoding: str | None = None
    """What delimited text of this ledger is in where its bytes do not say (cp1252); None: found out, and said."""
    checks: Checks = field(default_factory=Checks)

    def field_called(self, key: str) -> FieldDeclaration | None:
        """The field of a key, also of one it had in earlier versions of the pack."""
        return self.fields.get(key) or next((one for one in self.fields.values() if key in one.was), None)

    def list_called(self, key: str) -> ListDeclaration | None:
        """The list of a key, also of one it had in earlier versions of the pack."""
        return self.lists.get(key) or next((one for one in self.lists.values() if key in one.was), None)

    def list_title(self, key: str) -> Text:
        """What a list is called; the key itself where it is not declared."""
        declared = self.list_called(key)
        return declared.title if declared is not None else Text(key, key)

    def milestone_title(self, key: str) -> Text:
        """What a milestone is called; the key itself where it is not declared."""
        return self.milestones[key].title if key in self.milestones else Text(key, key)

    @property
    def visit_kind(self) -> RemarkKind | None:
        """Into which book what is seen on a visit goes; the first one where the pack names none."""
        kinds = self.remark_kinds.values()
        return next((one for one in kinds if one.of_visits), None) or next(iter(kinds), None)

    @property
    def code_field(self) -> str | None:
        """The field that holds the code items go by: the first that identifies one alone, unless that is the name."""
        return next((keys[0] for keys in self.identity if len(keys) == 1 and keys[0] != "name"), None)

    @property
    def known_by(self) -> tuple[str, ...]:
        """The fields people know an item by: its name and its code."""
        return ("name", self.code_field) if self.code_field else ("name",)
