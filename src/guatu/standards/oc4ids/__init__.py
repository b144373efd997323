"""Open Contracting for Infrastructure Data Standard (OC4IDS): its schema, its codelists, paths into a project."""

from guatu.standards.oc4ids.paths import Path, WrongPath, place, read_path, take
from guatu.standards.oc4ids.validation import Fault, codes_at, faults, knows_path

__all__ = ["Fault", "Path", "WrongPath", "codes_at", "faults", "knows_path", "place", "read_path", "take"]
