"""What everybody does for themselves alone, and what the security administrator does for others and nobody for themselves."""

from __future__ import annotations

from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.models import Person
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.text import Refusal, Text


class NotForOneself(Conflict):
    """One's own password and second factors change under My account, where they are asked for first."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            str(person),
            Text("不能重置自己的登录", "nobody resets their own sign-in"),
            Text(
                "在“我的账号”里修改，或请另一位安全管理员办理。",
                "Change it under My account, or ask another administrator.",
            ),
        )


class NotOnesOwn(NotAllowed):
    """Passwords, second factors, sessions and language are changed by whose they are, whatever post somebody else holds."""

    def __init__(self, person: Person) -> None:
        Refusal.__init__(
            self,
            str(person),
            Text("只能由本人办理", "is for that person alone to do"),
            Text("请本人登录后在“我的账号”办理。", "Have them sign in and do it under My account."),
        )


def require_oneself(person: Person, by: Actor | OnBehalf) -> OnBehalf:
    """Acting on one's own account, under no post."""
    if person.pk != by.person_id:
        raise NotOnesOwn(person)
    return by.as_self() if isinstance(by, Actor) else by


def refuse_oneself(person: Person, by: Actor) -> None:
    if person.pk == by.person_id:
        raise NotForOneself(person)
