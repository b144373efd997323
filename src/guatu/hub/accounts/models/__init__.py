"""Tables of units, people, posts and of signing in."""

from guatu.hub.accounts.models.loads import Load, LoadState
from guatu.hub.accounts.models.people import Person, PersonalDetails, Post
from guatu.hub.accounts.models.sign_in import FormerPassword, KeptSession, Lane, Tries
from guatu.hub.accounts.models.tokens import ApiToken
from guatu.hub.accounts.models.units import Succession, Unit, UnitAncestry, UnitSpan, below, valid_on

__all__ = [
    "ApiToken",
    "FormerPassword",
    "KeptSession",
    "Lane",
    "Load",
    "LoadState",
    "Person",
    "PersonalDetails",
    "Post",
    "Succession",
    "Tries",
    "Unit",
    "UnitAncestry",
    "UnitSpan",
    "below",
    "valid_on",
]
