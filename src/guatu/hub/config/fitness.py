"""Whether the site is fit for production: what is missing, in plain words, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.db.models import Max

from guatu.hub.accounts.models import Person
from guatu.hub.audit.events import Event
from guatu.hub.audit.holders import shortcoming
from guatu.hub.audit.models import Record
from guatu.hub.audit.rights import weaknesses
from guatu.hub.config.health import missing_migrations
from guatu.hub.config.metrics import checkpoint_age, unsealed
from guatu.hub.config.models import Pulse
from guatu.hub.ledger.indexing import keys_without_index
from guatu.text import Text

SECRET_LENGTH = 50  # characters, as Django's own check for deployment asks
UNSEALED_MOST, CHECKPOINT_LATE = 1000, 300  # beyond these the sealer is not keeping up, or not running
LOCAL = {"localhost", "127.0.0.1"}


NOTHING = Text("", "")


class Grade(StrEnum):
    FINE = "fine"
    ADVICE = "advice"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter: how it stands, and what to do where it is not fine."""

    matter: Text
    grade: Grade
    said: Text
    remedy: Text = NOTHING


Check = Callable[[datetime], Iterator[Finding]]


def findings(at: datetime) -> list[Finding]:
    """Every matter, in the order in which a site is set up."""
    first = [one for check in (_addresses, _secret, _database) for one in check(at)]
    if missing_migrations():
        return [*first, _migrations()]
    return first + [one for check in (_record, _indexes, _backups, _workers, _mail, _people) for one in check(at)]


def _addresses(at: datetime) -> Iterator[Finding]:
    tls = Text("加密连接", "TLS")
    if settings.TLS:
        yield Finding(tls, Grade.FINE, Text("只走加密连接", "on"))
    else:
        yield Finding(
            tls,
            Grade.MISSING,
            Text("密码和会话在网上是明文", "passwords and sessions cross the network in the clear"),
            Text(
                "用反向代理终止 TLS，设 GUATU_TLS=1 和 GUATU_BEHIND_PROXY=1（见 docs/how-to/run-a-site.zh-CN.md）。",
                "End TLS in a reverse proxy, set GUATU_TLS=1 and GUATU_BEHIND_PROXY=1 (docs/how-to/run-a-site.md).",
            ),
        )
    hosts = Text("网址", "Host names")
    if set(settings.HOSTS) <= LOCAL or "*" in settings.HOSTS:
        yield Finding(
            hosts,
            Grade.MISSING,
            Text("还没有写人们输入的网址", "the names people type are not set"),
            Text("设 GUATU_HOSTS=主机名。", "Set GUATU_HOSTS to them."),
        )
    else:
        yield Finding(hosts, Grade.FINE, Text("、".join(settings.HOSTS), ", ".join(settings.HOSTS)))
    if settings.DEBUG:
        yield Finding(
            Text("调试", "Debugging"),
            Grade.MISSING,
            Text("出错时会显示内部细节", "failures show the inside to everybody"),
            Text("去掉 GUATU_DEBUG。", "Take GUATU_DEBUG away."),
        )


def _secret(at: datetime) -> Iterator[Finding]:
    matter = Text("站点密钥", "The site's secret")
    kept = settings.HOME / "secret-key"
    if len(settings.SECRET_KEY) < SECRET_LENGTH:
        yield Finding(
            matter,
            Grade.MISSING,
            Text("太短，会话可能被伪造", "too short: sessions could be forged"),
            Text(f"换成至少 {SECRET_LENGTH} 个随机字符。", f"Take at least {SECRET_LENGTH} random characters."),
        )
    elif kept.exists() and kept.stat().st_mode & 0o077:
        yield Finding(
            matter,
            Grade.MISSING,
            Text(f"别的用户读得到 {kept}", f"other users can read {kept}"),
            Text("运行 chmod 600。", "Run chmod 600 on it."),
        )
    else:
        yield Finding(matter, Grade.FINE, Text("在，只有站点读得到", "there, for the site alone"))


def _database(at: datetime) -> Iterator[Finding]:
    matter = Text("数据库", "Database")
    if connection.vendor == "postgresql":
        yield Finding(matter, Grade.FINE, Text("PostgreSQL", "PostgreSQL"))
        return
    yield Finding(
        matter,
        Grade.MISSING,
        Text("SQLite 没有热备，也拦不住改审计的人", "SQLite has no standby, and keeps nobody from the record"),
        Text(
            "县级试用可以；市级用 PostgreSQL，设 GUATU_DATABASE。",
            "Enough to try out or for a county; a city uses PostgreSQL: set GUATU_DATABASE.",
        ),
    )


def _migrations() -> Finding:
    return Finding(
        Text("数据库版本", "Database version"),
        Grade.MISSING,
        Text("不是这一版，其余无法检查", "not this version; the rest cannot be checked"),
        Text("备份后运行 guatu hub migrate。", "Back up, then run guatu hub migrate."),
    )


def _record(at: datetime) -> Iterator[Finding]:
    holders = Text("审计外部留存", "Holders of the record outside")
    if lacking := shortcoming(settings.AUDIT_HOLDERS):
        yield Finding(holders, Grade.MISSING, lacking)
    else:
        yield Finding(holders, Grade.FINE, Text(f"{len(settings.AUDIT_HOLDERS)} 处", f"{len(settings.AUDIT_HOLDERS)}"))
    rights = Text("审计表的权限", "Rights on the record")
    weak = weaknesses() if connection.vendor == "postgresql" else []
    for one in weak:
        yield Finding(
            rights,
            Grade.MISSING,
            one,
            Text(
                "让另一个角色拥有表：GUATU_MIGRATION_DATABASE 写属主，GUATU_DATABASE 写应用角色，运行 guatu hub migrate。",
                "Let another role own the tables: the owner in GUATU_MIGRATION_DATABASE, the application's role in "
                "GUATU_DATABASE, then guatu hub migrate.",
            ),
        )
    if connection.vendor == "postgresql" and not weak:
        yield Finding(
            rights, Grade.FINE, Text("应用角色只能添加、不能改", "the application's role can add and not change")
        )
    age, waiting = checkpoint_age(at), unsealed()
    sealing = Text("审计封存", "Sealing of the record")
    if waiting > UNSEALED_MOST or (waiting and age is not None and age > CHECKPOINT_LATE):
        yield Finding(
            sealing,
            Grade.MISSING,
            Text(f"{waiting} 条记录没有封存", f"{waiting} records are not sealed"),
            Text("看后台任务进程是否在运行。", "See whether a worker runs."),
        )
    else:
        yield Finding(sealing, Grade.FINE, Text("跟得上", "keeps up"))


def _backups(at: datetime) -> Iterator[Finding]:
    matter = Text("备份", "Backups")
    last = Record.objects.filter(kind=Event.SITE_BACKED_UP).aggregate(last=Max("at"))["last"]
    remedy = Text(
        "启用 deploy/systemd 里的 guatu-backup.timer，或自己定时运行 guatu hub backup。",
        "Enable guatu-backup.timer of deploy/systemd, or run guatu hub backup by your own timer.",
    )
    if last is None:
        yield Finding(matter, Grade.MISSING, Text("从来没有备份过", "none was ever made"), remedy)
    elif at - last > timedelta(hours=settings.BACKUP_HOURS):
        hours = int((at - last).total_seconds() // 3600)
        yield Finding(
            matter, Grade.MISSING, Text(f"上一次在 {hours} 小时前", f"the last was {hours} hours ago"), remedy
        )
    else:
        yield Finding(
            matter, Grade.FINE, Text(f"上一次 {last:%Y-%m-%d %H:%M} UTC", f"the last at {last:%Y-%m-%d %H:%M} UTC")
        )
    if settings.BACKUPS.is_relative_to(settings.HOME):
        yield Finding(
            matter,
            Grade.ADVICE,
            Text("备份和站点在同一个地方", "they lie in the same place as the site"),
            Text("把 GUATU_BACKUPS 设到另一台机器的盘上。", "Set GUATU_BACKUPS to a disk of another machine."),
        )


def _indexes(at: datetime) -> Iterator[Finding]:
    matter = Text("筛选字段的索引", "Indexes of fields people filter by")
    if lacking := keys_without_index():
        yield Finding(
            matter,
            Grade.ADVICE,
            Text(f"还没有建：{'、'.join(lacking)}", f"not made yet: {', '.join(lacking)}"),
            Text(
                "运行 guatu hub migrate：站点的数据库角色建不了索引，属主才行；建好以前筛选照样可用，只是慢。",
                "Run guatu hub migrate: the owner of the tables makes them, the site's role may not; until then filters work, slowly.",
            ),
        )
    else:
        yield Finding(matter, Grade.FINE, Text("都在", "all there"))


def _workers(at: datetime) -> Iterator[Finding]:
    matter = Text("后台任务", "Background work")
    if alive := Pulse.objects.alive(at).count():
        yield Finding(matter, Grade.FINE, Text(f"{alive} 个进程在运行", f"{alive} running"))
    else:
        yield Finding(
            matter,
            Grade.MISSING,
            Text("没有进程在运行：审计不封存，任务不办", "none runs: the record is not sealed, jobs are not done"),
            Text("运行 guatu hub serve，或 guatu hub worker。", "Run guatu hub serve, or guatu hub worker."),
        )


def _mail(at: datetime) -> Iterator[Finding]:
    matter = Text("邮件", "Mail")
    if settings.EMAIL_HOST:
        yield Finding(matter, Grade.FINE, Text("已设", "set"))
    else:
        yield Finding(
            matter,
            Grade.ADVICE,
            Text("没有设，站点发不出邮件", "not set: the site can send none"),
            Text("设 GUATU_MAIL 和 GUATU_MAIL_FROM。", "Set GUATU_MAIL and GUATU_MAIL_FROM."),
        )


def _people(at: datetime) -> Iterator[Finding]:
    waiting = Person.objects.filter(is_active=True, must_change_password=True).count()
    if waiting:
        yield Finding(
            Text("首次密码", "First passwords"),
            Grade.ADVICE,
            Text(f"{waiting} 人还没有改", f"{waiting} people have not changed theirs yet"),
            Text("请他们登录修改。", "Ask them to sign in and change them."),
        )
