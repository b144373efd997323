"""`guatu people`: list, add and disable people, on behalf of the person whose token is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.person import acting_person
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.text import Language, Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor
    from guatu.hub.accounts.models import Person, Unit
    from guatu.hub.accounts.roles import Permission


def command(language: Language) -> click.Command:
    group = SpokenGroup("people", language, Text("人员：列出、新增、停用", "People: list, add, disable"))
    group.add_command(_list(language))
    group.add_command(_add(language))
    group.add_command(_disable(language))
    return group


def _list(language: Language) -> click.Command:
    def run(as_json: bool) -> int:
        by = acting_person()
        from django.db.models import Prefetch
        from django.utils import timezone

        from guatu.hub.accounts.models import Person, Post

        held = Post.objects.active_on(timezone.localdate()).select_related("unit").order_by("starts_on", "pk")
        people = (
            Person.objects.visible_to(by)
            .prefetch_related(Prefetch("posts", held, to_attr="held"))
            .order_by("name", "pk")
        )
        rows = [
            {
                "username": one.username, "name": one.name, "active": one.is_active,
                "posts": [f"{post.unit.title.in_(language)} {post.title.in_(language)}" for post in one.held],
            }
            for one in people
        ]  # fmt: skip
        if as_json:
            print_json(rows)
            return Exit.DONE
        heads = (Text("登录名", "Sign-in name"), Text("姓名", "Name"), Text("岗位", "Posts"), Text("状态", "State"))
        shown = table("", [(head.in_(language), "left") for head in heads])
        for row in rows:
            state = Text("● 在用", "● active") if row["active"] else Text("■ 停用", "■ disabled")
            shown.add_row(str(row["username"]), str(row["name"]), "\n".join(row["posts"]), state.in_(language))
        console().print(shown)
        return Exit.DONE

    help = Text(
        "列出您能看到的人员和岗位，不含个人信息。", "The people you may see and their posts, without personal data."
    )
    return SpokenCommand("list", language, help, [json_option(language)], run)


def _add(language: Language) -> click.Command:
    option = options_in(language)

    def run(username: str, name: str, unit: str, phone: str, as_json: bool) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.actions.people import Details, create_person
        from guatu.hub.accounts.roles import Permission

        slip = create_person(
            unit=_unit(unit, by, Permission.MANAGE_PEOPLE), username=username, name=name, details=Details.checked(phone=phone),
            by=by, at=timezone.now(),
        )  # fmt: skip
        if as_json:
            print_json({"username": slip.person.username, "password": slip.password})
            return Exit.DONE
        said = Text(
            f"已新增 {slip.person.name}（{slip.person.username}），一次性密码 {slip.password}，只显示这一次。",
            f"Added {slip.person.name} ({slip.person.username}); one-time password {slip.password}, shown this once.",
        )
        console().print(said.in_(language), soft_wrap=True, markup=False)
        return Exit.DONE

    return SpokenCommand(
        "add",
        language,
        Text(
            "新增人员，打印一次性密码；岗位由安全管理员任命。",
            "Add a person and print a one-time password; posts are given separately.",
        ),
        [
            option("--username", required=True, words=Text("登录名", "Sign-in name")),
            option("--name", required=True, words=Text("姓名", "Name")),
            option("--unit", required=True, words=Text("所在单位：代码或名称", "Where they work: code or name")),
            option("--phone", default="", words=Text("电话", "Phone")),
            json_option(language),
        ],
        run,
    )


def _disable(language: Language) -> click.Command:
    option = options_in(language)

    def run(username: str, reason: str) -> int:
        by = acting_person()
        from django.utils import timezone

        from guatu.hub.accounts.actions.people import disable_person
        from guatu.hub.accounts.roles import Permission

        person = _person(username, by, Permission.MANAGE_PEOPLE)
        disable_person(person=person, reason=reason, by=by, at=timezone.now())
        console().print(Text(f"已停用 {username}", f"Disabled {username}").in_(language))
        return Exit.DONE

    return SpokenCommand(
        "disable",
        language,
        Text("停用账号，下一次请求起不能再用。", "Disable an account, from its next request on."),
        [
            click.Argument(["username"]),
            option("--reason", required=True, words=Text("理由，记入审计", "Why; it goes into the record")),
        ],
        run,
    )


def _unit(said: str, by: Actor, permission: Permission) -> Unit:
    from django.db.models import Q

    from guatu.hub.accounts.models import Unit

    found = list(Unit.objects.visible_to(by, permission).filter(Q(code=said) | Q(title_zh=said), closed_on=None)[:2])
    if len(found) != 1:
        raise Refusal(
            f"--unit {said}",
            Text("没有这个单位，或不止一个", "there is no such unit, or more than one"),
            Text("写单位代码；guatu units tree 列出全部。", "Give its code; guatu units tree lists them."),
        )
    return found[0]


def _person(username: str, by: Actor, permission: Permission) -> Person:
    from guatu.hub.accounts.models import Person

    found: Person | None = Person.objects.visible_to(by, permission).filter(username=username.lower()).first()
    if found is None:
        raise Refusal(
            username,
            Text("没有这个人", "there is nobody of this name"),
            Text("guatu people list 列出您能看到的。", "guatu people list shows whom you may see."),
        )
    return found
