"""`guatu hub`: the site, from its first day to its restoration. A command loads when it is named."""

from __future__ import annotations

import click

from guatu.cli.spoken import LateGroup
from guatu.text import Language, Text

_HERE = "guatu.cli.commands.hub"
COMMANDS: dict[str, tuple[str, Text]] = {
    "init": (
        f"{_HERE}.init",
        Text("启用一个空站点：首个单位和三员", "Begin an empty site: its first unit and three administrators"),
    ),
    "migrate": (f"{_HERE}.migrate", Text("把数据库升到这一版", "Bring the database to this version")),
    "serve": (
        f"{_HERE}.serve",
        Text("运行站点：网页，小站点连同后台任务", "Run the site: pages, and the worker for a small site"),
    ),
    "worker": (f"{_HERE}.worker", Text("只运行后台任务", "Run background work alone")),
    "check": (f"{_HERE}.check", Text("正式使用还缺什么", "What is missing for production")),
    "backup": (f"{_HERE}.backup", Text("备份数据库和附件", "Back up the database and attachments")),
    "restore": (
        f"{_HERE}.restore",
        Text("把备份恢复到空的地方并核验", "Restore a backup into an empty place, and verify it"),
    ),
    "install-pack": (
        f"{_HERE}.install_pack",
        Text("把业务包装进站点，或升级", "Install a pack into the site, or upgrade it"),
    ),
    "change-pack": (
        f"{_HERE}.change_pack",
        Text("改业务包（本地），升级时照样叠上", "Change a pack for this site; upgrades keep it"),
    ),
    "evaluate": (
        f"{_HERE}.evaluate",
        Text("按细则评判站内台账", "Judge a ledger of the site by a rulebook"),
    ),
    "settings": (f"{_HERE}.settings", Text("列出全部设置", "List all settings")),
}


def command(language: Language) -> click.Command:
    return LateGroup(
        "hub",
        language,
        Text("站点：启用、运行、检查、备份、恢复。", "The site: begin, serve, check, back up, restore."),
        COMMANDS,
    )
