"""What each role allows. A role counts at the unit of the post and everything under it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guatu.text import Text


class Permission(StrEnum):
    SEE_UNITS = "see_units"
    """Units, their history, who holds which post; people without their personal data."""
    MANAGE_UNITS = "manage_units"
    """Open, rename, move, merge and close units; load them from a workbook."""
    MANAGE_PEOPLE = "manage_people"
    """Add people, change their details, disable and enable them, print their first-password slips."""
    ASSIGN_POSTS = "assign_posts"
    """Give and end posts, name stand-ins."""
    RESET_SIGN_IN = "reset_sign_in"
    """Reset a password or a second factor, end somebody's sessions."""
    REVEAL_PERSONAL_DATA = "reveal_personal_data"
    """See a masked phone or id number, with a reason, on the record."""
    ERASE_PERSONAL_DATA = "erase_personal_data"
    ISSUE_TOKENS = "issue_tokens"
    """Make API tokens for one's own post."""
    SEE_AUDIT = "see_audit"
    """Read, verify and export the record."""
    SEE_ITEMS = "see_items"
    """Items of the ledgers, their history and figures, without what is personal in them."""
    CHANGE_ITEMS = "change_items"
    """Enter items, change them, move them between units, take them off and back on."""
    REPORT_ITEMS = "report_items"
    """Say that an item's milestones are reached, report its figures by hand, write its remarks and work log."""
    CHECK_ITEMS = "check_items"
    """Check what units say of their items against its evidence."""
    VERIFY_ITEMS = "verify_items"
    """Verify on the spot what was said and checked."""
    IMPORT_REPORTS = "import_reports"
    """Send workbooks of a unit into a ledger, take what they change, undo it."""
    ATTACH_FILES = "attach_files"
    """Attach photos and papers to items and goals."""
    MANAGE_GOALS = "manage_goals"
    """Open goals, set and split their targets, say who answers, draw their papers."""
    ANSWER_TARGETS = "answer_targets"
    """Agree to the share of a target that falls to a unit, or object."""
    SIGN_PAPERS = "sign_papers"
    """Sign the commitment papers of a goal for a unit or oneself."""
    JUDGE_ROUNDS = "judge_rounds"
    """Have rounds of a ledger judged by a rulebook of its pack."""
    MANAGE_PACKS = "manage_packs"
    """Install and upgrade packs."""


P = Permission


@dataclass(frozen=True, slots=True)
class Role:
    title: Text
    permissions: frozenset[Permission]
    administrator: bool = False
    """One of the three administrators of whom nobody may be two (GB/T 22239-2019, 8.1.4 and 8.1.5: separate duties)."""


def _role(zh: str, en: str, *permissions: Permission, administrator: bool = False) -> Role:
    return Role(Text(zh, en), frozenset(permissions), administrator)


ROLES: dict[str, Role] = {
    "dispatcher": _role(
        "调度员", "Dispatcher", P.SEE_UNITS, P.SEE_ITEMS, P.CHANGE_ITEMS, P.REPORT_ITEMS, P.CHECK_ITEMS, P.IMPORT_REPORTS,
        P.ATTACH_FILES, P.MANAGE_GOALS, P.JUDGE_ROUNDS, P.REVEAL_PERSONAL_DATA, P.ISSUE_TOKENS,
    ),
    "reporter": _role(
        "填报员", "Reporter", P.SEE_UNITS, P.SEE_ITEMS, P.REPORT_ITEMS, P.IMPORT_REPORTS, P.ATTACH_FILES, P.ANSWER_TARGETS,
        P.ISSUE_TOKENS,
    ),
    "reviewer": _role(
        "审核员", "Reviewer", P.SEE_UNITS, P.SEE_ITEMS, P.CHECK_ITEMS, P.REVEAL_PERSONAL_DATA, P.ISSUE_TOKENS
    ),
    "leader": _role("领导", "Leader", P.SEE_UNITS, P.SEE_ITEMS, P.ANSWER_TARGETS, P.SIGN_PAPERS),
    "inspector": _role(
        "督查员", "Inspector", P.SEE_UNITS, P.SEE_ITEMS, P.VERIFY_ITEMS, P.REVEAL_PERSONAL_DATA, P.ISSUE_TOKENS
    ),
    "system_administrator": _role(
        "系统管理员", "System administrator", P.SEE_UNITS, P.MANAGE_UNITS, P.MANAGE_PEOPLE, P.MANAGE_PACKS,
        P.ISSUE_TOKENS, administrator=True,
    ),
    "security_administrator": _role(
        "安全管理员", "Security administrator", P.SEE_UNITS, P.ASSIGN_POSTS, P.RESET_SIGN_IN, P.ERASE_PERSONAL_DATA,
        P.ISSUE_TOKENS, administrator=True,
    ),
    "audit_administrator": _role(
        "审计管理员", "Audit administrator", P.SEE_UNITS, P.SEE_AUDIT, P.ISSUE_TOKENS, administrator=True
    ),
}  # fmt: skip

ADMINISTRATORS = frozenset(name for name, role in ROLES.items() if role.administrator)


def roles_with(permission: Permission) -> frozenset[str]:
    return frozenset(name for name, role in ROLES.items() if permission in role.permissions)
