"""Prefilled report forms: what a unit gets each round and sends back."""

from guatu.office.forms.facts import FormColumn, FormFacts, FormRow, FormValue
from guatu.office.forms.ledger_table import LedgerTable, write_ledger_table
from guatu.office.forms.workbook import KEY_TITLE, form_key, write_form

__all__ = [
    "KEY_TITLE",
    "FormColumn",
    "FormFacts",
    "FormRow",
    "FormValue",
    "LedgerTable",
    "form_key",
    "write_form",
    "write_ledger_table",
]
