"""What the security administrator does for others and nobody does for themselves."""

from __future__ import annotations

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.audit.refusals import Conflict
from guatu.text import Text


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


def refuse_oneself(person: Person, by: Actor) -> None:
    if person.pk == by.person_id:
        raise NotForOneself(person)
