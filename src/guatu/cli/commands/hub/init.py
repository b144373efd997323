"""`guatu hub init`: tables, static files, the first unit, three administrators with passwords shown once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Day
from guatu.cli.site import at_site, by_command
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.text import Language, Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actions.site import FirstAdministrator

WHO = {
    "system": ("system_administrator", "system"),
    "security": ("security_administrator", "security"),
    "audit": ("audit_administrator", "audit"),
}
"""The option that names each administrator: their role, and the sign-in name if none is given."""


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(unit: str, unit_en: str, code: str, since: date | None, as_json: bool, **named: str) -> int:
        from django.utils import timezone

        from guatu.hub.accounts.actions.site import begin_site
        from guatu.hub.config.upkeep import migrate

        migrate()
        at = timezone.now()
        administrators = [administrator(key, named[key]) for key in WHO]
        begin_site(
            title=Text(unit, unit_en or unit),
            code=code,
            since=since or timezone.localdate(at),
            administrators=administrators,
            by=by_command(),
            at=at,
        )
        _tell(administrators, unit, as_json, language)
        return Exit.DONE

    return SpokenCommand(
        "init",
        language,
        Text(
            "启用一个空站点：建表、收集网页文件、设立首个单位，新增系统、安全、审计三员。三员的一次性密码只显示这一次，"
            "首次登录必须修改。已有单位或人员的站点不动。",
            "Begin an empty site: tables, files of the pages, the first unit, and one system, security and audit "
            "administrator each. Their one-time passwords are shown this once and must be changed at the first sign-in. "
            "A site that has units or people is left alone.",
        ),
        [
            option(
                "--unit", required=True, words=Text("首个单位的名称，如某某市", "Name of the first unit, in Chinese")
            ),
            option("--unit-en", default="", words=Text("它的英文名称", "Its English name")),
            option("--code", default="", words=Text("它的行政区划代码", "Its division code")),
            option(
                "--since", type=Day(), words=Text("它从哪天起，缺省今天", "The day since when it is; default: today")
            ),
            *(
                option(
                    f"--{key}",
                    default=username,
                    show_default=True,
                    metavar="USERNAME[:NAME]",
                    words=Text(f"{zh}管理员的登录名和姓名", f"Sign-in name and name of the {key} administrator"),
                )
                for (key, (_, username)), zh in zip(WHO.items(), ("系统", "安全", "审计"), strict=True)
            ),
            json_option(language),
        ],
        at_site(run, as_owner=True),
    )


def administrator(key: str, named: str) -> FirstAdministrator:
    """From `zhang:张三`; without a name, the role's."""
    from guatu.hub.accounts.actions.site import FirstAdministrator
    from guatu.hub.accounts.roles import ROLES
    from guatu.hub.accounts.sign_in.first_passwords import first_password

    role, _ = WHO[key]
    username, _, name = named.partition(":")
    if not username.strip():
        raise Refusal(
            f"--{key}",
            Text("没有登录名", "there is no sign-in name"),
            Text("写成 zhang:张三。", "Write it as zhang:张三."),
        )
    return FirstAdministrator(role, username.strip().lower(), name.strip() or ROLES[role].title.zh, first_password())


def _tell(administrators: list[FirstAdministrator], unit: str, as_json: bool, language: Language) -> None:
    from guatu.hub.accounts.roles import ROLES

    if as_json:
        print_json([{"role": one.role, "username": one.username, "password": one.password} for one in administrators])
        return
    out = console()
    done = Text(f"站点已启用：{unit}", f"The site has begun: {unit}")
    out.print(f"[green]✓[/] {done.in_(language)}\n")
    shown = table(
        Text("三员（密码只显示这一次）", "Administrators (passwords are shown this once)").in_(language),
        [
            (Text("岗位", "Post").in_(language), "left"),
            (Text("登录名", "Sign-in name").in_(language), "left"),
            (Text("一次性密码", "One-time password").in_(language), "left"),
        ],
    )
    for one in administrators:
        shown.add_row(ROLES[one.role].title.in_(language), one.username, one.password)
    out.print(shown)
    follow = Text(
        "\n接着运行 guatu hub serve；正式使用前看 guatu hub check。",
        "\nNext: guatu hub serve; before production, guatu hub check.",
    )
    out.print(follow.in_(language))
