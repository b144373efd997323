"""Prefilled report forms: what a unit gets each round and sends back."""

from guatu.office.forms.facts import FormColumn, FormFacts, FormRow, FormValue
from guatu.office.forms.workbook import KEY_TITLE, form_key, write_form

__all__ = ["KEY_TITLE", "FormColumn", "FormFacts", "FormRow", "FormValue", "form_key", "write_form"]
