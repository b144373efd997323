"""Who acts when a command changes the hub: the person whose token stands in GUATU_TOKEN."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor

VARIABLE = "GUATU_TOKEN"


class NoPerson(Refusal):
    """A command that changes something must say who does it."""

    def __init__(self, what: Text) -> None:
        super().__init__(
            VARIABLE,
            what,
            Text(
                f"登录网页，在“我的账号 › 接口令牌”签发一个，放进环境变量 {VARIABLE}（或把存放它的文件写在 {VARIABLE}_FILE）。",
                f"Sign in to the site, issue one under 'API tokens', and put it into {VARIABLE} (or its file's path into "
                f"{VARIABLE}_FILE).",
            ),
        )


def acting_person() -> Actor:
    """The actor of the token in the environment, coming through the terminal; Django is set up along the way.

    The same permissions, records and limits hold as at the other doors.
    """
    set_up_hub()
    from django.utils import timezone

    from guatu.hub.accounts.tokens import actor_of_token
    from guatu.hub.audit.source import Door, Source
    from guatu.hub.config.environment import Environment

    token = Environment().text(VARIABLE)
    if not token:
        raise NoPerson(Text("没有说由谁来办", "it is not said who does this"))
    actor = actor_of_token(token, at=timezone.now(), source=Source(Door.CLI, request=uuid.uuid4().hex))
    if actor is None:
        raise NoPerson(Text("这个令牌无效或已失效", "this token is wrong, or no longer in force"))
    return actor


def set_up_hub() -> None:
    """Make Django ready; only commands that work on the hub pay for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.hub.config.settings")
    import django

    django.setup()
