"""What an evaluation is given: typed tables of one round, and the published results of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from guatu.declarations.ledger import Ledger
from guatu.engine.evaluation.results import EarlierResults
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


class InputsRefused(Refusal):
    """A table the evaluation was given lacks what it needs, or contradicts another."""


ITEMS = ("item_id", "unit")
CLOSURE = ("ancestor", "descendant")
UNITS = ("code", "parent", "peers")
MEMBERSHIP = ("item_id", "list")


@dataclass(frozen=True, slots=True)
class Inputs:
    """One round.

    `items`: item_id, unit, lists (tags) and one typed column per ledger field; missing is null.
    `units`: code, title, parent, peers. `closure`: ancestor, descendant, depth (a unit is its own
    ancestor). `membership`: item_id, list, with the pseudo list `all`; `derive_lists` makes it.
    `extra`: `entries` (points entries), `scores` (given by people, with evidence), `milestones` and other
    tables formulas name. `history`: published results of earlier rounds, in any order.
    """

    period: Period
    items: pa.Table
    units: pa.Table
    closure: pa.Table
    membership: pa.Table
    ledger: Ledger
    extra: Mapping[str, pa.Table] = field(default_factory=dict)
    history: Sequence[EarlierResults] = ()

    def __post_init__(self) -> None:
        for name, table, columns in (
            ("items", self.items, ITEMS),
            ("units", self.units, UNITS),
            ("closure", self.closure, CLOSURE),
            ("membership", self.membership, MEMBERSHIP),
        ):
            for column in (column for column in columns if column not in table.column_names):
                raise InputsRefused(
                    f"{name}.{column}",
                    Text("输入表缺少这一列", "the input table has no such column"),
                    Text("补上这一列再评价。", "Add the column and evaluate again."),
                )
        periods = [earlier.period for earlier in self.history]
        for period in (one for one in periods if periods.count(one) > 1 or one >= str(self.period)):
            raise InputsRefused(
                f"history {period}",
                Text(
                    f"历史结果 {period} 重复，或不早于本期 {self.period}",
                    f"the earlier results of {period} come twice, or are not earlier than {self.period}",
                ),
                Text("每一期只给一份，且早于本期。", "Give one folder for each earlier round."),
            )
