"""Which of a ledger's fields stand where: in an item's name and code, in its values, in figures, apart because personal."""

from __future__ import annotations

from collections.abc import Mapping

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.text import Text


def ledger_code(ledger: LedgerDeclaration) -> str | None:
    """The field that holds the code items go by, if the ledger has one."""
    return ledger.code_field


def facts_of(ledger: LedgerDeclaration) -> Mapping[str, FieldDeclaration]:
    """Fields that stand in an item's values: not its name and code, what is personal, lists, or a figure of a period."""
    apart = {"name", "form_key", ledger_code(ledger), ledger.unit_field}
    return {
        key: one
        for key, one in ledger.fields.items()
        if key not in apart and not one.is_personal and one.measure is None and one.type is not FieldType.TAGS
    }


def stated_list_titles(ledger: LedgerDeclaration) -> dict[str, Text]:
    """The titles of lists people put items on, by key."""
    return {key: ledger.lists[key].title for key in stated_lists(ledger)}


def stated_lists(ledger: LedgerDeclaration) -> list[str]:
    """Lists people put items on; the others are worked out."""
    return [key for key, one in ledger.lists.items() if one.where is None]
