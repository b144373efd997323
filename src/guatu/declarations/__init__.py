"""Packs as data: located YAML, ledgers and their fields, lists, units. No rule is evaluated here."""

from guatu.declarations.entries import DeclarationRefused, Entry, Problem, Problems
from guatu.declarations.ledger import (
    Basis,
    DutyDeclaration,
    FieldDeclaration,
    FieldType,
    Holder,
    Ledger,
    LinkKind,
    ListDeclaration,
    MilestoneDeclaration,
    RemarkKind,
    UnitDeclaration,
)
from guatu.declarations.located import Place, read_yaml
from guatu.declarations.packs import Pack, load_pack

__all__ = [
    "Basis",
    "DeclarationRefused",
    "DutyDeclaration",
    "Entry",
    "FieldDeclaration",
    "FieldType",
    "Holder",
    "Ledger",
    "LinkKind",
    "ListDeclaration",
    "MilestoneDeclaration",
    "Pack",
    "Place",
    "Problem",
    "Problems",
    "RemarkKind",
    "UnitDeclaration",
    "load_pack",
    "read_yaml",
]
