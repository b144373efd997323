"""A ledger as open contracting data and back: which field stands at which path is the pack's to say."""

from guatu.dispatch.open_contracting.exporting import Exported, export_items, run_examples, written
from guatu.dispatch.open_contracting.importing import Imported, import_projects, read_document
from guatu.dispatch.open_contracting.plan import OpenPlan, load_open_plan

__all__ = [
    "Exported",
    "Imported",
    "OpenPlan",
    "export_items",
    "import_projects",
    "load_open_plan",
    "read_document",
    "run_examples",
    "written",
]
