"""Tables of units, people and posts."""

from guatu.hub.accounts.models.loads import Load, LoadState
from guatu.hub.accounts.models.people import Person, PersonalDetails, Post
from guatu.hub.accounts.models.tokens import ApiToken
from guatu.hub.accounts.models.units import Succession, Unit, UnitAncestry, UnitSpan

__all__ = [
    "ApiToken",
    "Load",
    "LoadState",
    "Person",
    "PersonalDetails",
    "Post",
    "Succession",
    "Unit",
    "UnitAncestry",
    "UnitSpan",
]
