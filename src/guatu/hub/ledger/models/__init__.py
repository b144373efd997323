"""Tables of packs, ledgers, items and what is dated about them."""

from guatu.hub.ledger.models.attachments import Attachment
from guatu.hub.ledger.models.dated import Duty, Figure, ItemCode, Link, ListMembership, PersonalValue
from guatu.hub.ledger.models.goals import Goal, GoalAccess, GoalDuty, GoalItem, GoalRevision
from guatu.hub.ledger.models.imports import CellAnswer, Import, ImportedItem, ImportFinding, ImportStep
from guatu.hub.ledger.models.items import Item, ItemAccess, ItemRevision, SequenceCounter, SequenceNumber
from guatu.hub.ledger.models.memory import ImportDecision, SenderLayout
from guatu.hub.ledger.models.milestones import Baseline, Milestone, MilestoneOrder
from guatu.hub.ledger.models.news import SeenUpTo
from guatu.hub.ledger.models.packs import Ledger, PackVersion
from guatu.hub.ledger.models.papers import Paper, Signature
from guatu.hub.ledger.models.remarks import Remark, ToldApart, YearEntry
from guatu.hub.ledger.models.targets import Reached, Split, Target, TargetVersion
from guatu.hub.ledger.models.views import SavedView
from guatu.hub.ledger.models.visits import KeptVisit, VisitStop

__all__ = [
    "Attachment",
    "Baseline",
    "CellAnswer",
    "Duty",
    "Figure",
    "Goal",
    "GoalAccess",
    "GoalDuty",
    "GoalItem",
    "GoalRevision",
    "Import",
    "ImportDecision",
    "ImportFinding",
    "ImportStep",
    "ImportedItem",
    "Item",
    "ItemAccess",
    "ItemCode",
    "ItemRevision",
    "KeptVisit",
    "Ledger",
    "Link",
    "ListMembership",
    "Milestone",
    "MilestoneOrder",
    "PackVersion",
    "Paper",
    "PersonalValue",
    "Reached",
    "Remark",
    "SavedView",
    "SeenUpTo",
    "SenderLayout",
    "SequenceCounter",
    "SequenceNumber",
    "Signature",
    "Split",
    "Target",
    "TargetVersion",
    "ToldApart",
    "VisitStop",
    "YearEntry",
]
