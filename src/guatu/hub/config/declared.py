"""Every setting of the platform, said once: what `guatu hub settings` lists and the pages about settings are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from guatu.text import Text

PLACE = Text("存放", "Where things lie")
DATABASE = Text("数据库", "Database")
ADDRESS = Text("网址与加密", "Addresses and TLS")
WATCHING = Text("运行与日志", "Running and logs")
DOORS = Text("接口", "The API")
AUDIT = Text("审计", "The audit record")
MAIL = Text("邮件", "Mail")
SIGNING_IN = Text("登录", "Signing in")
MAPS = Text("地图", "Maps")
READING = Text("读表的限额", "Limits on reading workbooks")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable; `NAME_FILE` names a file that holds its value."""

    name: str
    area: Text
    default: str
    meaning: Text
    example: str = ""
    secret: bool = False


DECLARED: tuple[Setting, ...] = (
    Setting(
        "GUATU_HOME",
        PLACE,
        "~/.local/share/guatu",
        Text(
            "站点自己写的一切都在这个文件夹：SQLite 数据库、附件、站点密钥、备份",
            "The folder of everything the site writes: the SQLite database, attachments, the site's secret, backups",
        ),
        "/var/lib/guatu",
    ),
    Setting(
        "GUATU_STATIC",
        PLACE,
        "$GUATU_HOME/static",
        Text("网页用的样式和脚本收集到哪里", "Where the styles and scripts of the pages are gathered"),
        "/var/lib/guatu/static",
    ),
    Setting(
        "GUATU_BACKUPS",
        PLACE,
        "$GUATU_HOME/backups",
        Text(
            "guatu hub backup 把备份放在哪里；应当在另一块盘或另一台机器上",
            "Where guatu hub backup puts backups; it should be another disk or another machine",
        ),
        "/mnt/backup/guatu",
    ),
    Setting(
        "GUATU_DATABASE",
        DATABASE,
        "sqlite:///$GUATU_HOME/guatu.sqlite3",
        Text(
            "数据库地址。正式使用时写 PostgreSQL 的应用角色，它不拥有任何表",
            "The database. In production PostgreSQL, by the application's role, which owns no table",
        ),
        "postgresql://guatu_app:PASSWORD@127.0.0.1:5432/guatu",
        secret=True,
    ),
    Setting(
        "GUATU_MIGRATION_DATABASE",
        DATABASE,
        "$GUATU_DATABASE",
        Text(
            "同一数据库的属主角色，只有 init、migrate、backup、restore 用它",
            "The same database by the role that owns the tables; only init, migrate, backup and restore use it",
        ),
        "postgresql://guatu_owner:PASSWORD@127.0.0.1:5432/guatu",
        secret=True,
    ),
    Setting(
        "GUATU_SECRET_KEY",
        ADDRESS,
        "$GUATU_HOME/secret-key",
        Text(
            "签会话用的站点密钥，至少 50 个字符；不设则首次启动时生成并存进文件",
            "The site's secret, which signs sessions: 50 characters or more; made at the first start and kept in the "
            "file if not set",
        ),
        "",
        secret=True,
    ),
    Setting(
        "GUATU_HOSTS",
        ADDRESS,
        "localhost,127.0.0.1",
        Text(
            "人们输入的网址（主机名），逗号隔开；第一个印在文件和邮件里",
            "Host names people type, between commas; the first one stands in papers and mails",
        ),
        "guatu.example.gov.cn",
    ),
    Setting(
        "GUATU_TLS",
        ADDRESS,
        "0",
        Text(
            "1：只走加密连接（Cookie、HSTS、跳转）。除在本机试用外都要开",
            "1: over TLS alone (cookies, HSTS, redirect). On for every site but one tried out on its own machine",
        ),
        "1",
    ),
    Setting(
        "GUATU_BEHIND_PROXY",
        ADDRESS,
        "0",
        Text(
            "1：前面有反向代理，由它写 X-Forwarded-For 和 X-Forwarded-Proto",
            "1: behind a reverse proxy that writes X-Forwarded-For and X-Forwarded-Proto",
        ),
        "1",
    ),
    Setting(
        "GUATU_PROXIES",
        ADDRESS,
        "127.0.0.1,::1",
        Text(
            "反向代理的地址或网段；别处来的 X-Forwarded-* 一概不信",
            "Addresses or networks of the reverse proxies; X-Forwarded-* from anywhere else is not believed",
        ),
        "10.0.0.5",
    ),
    Setting(
        "GUATU_DEBUG",
        ADDRESS,
        "0",
        Text("1：出错时显示内部细节，只用于开发", "1: show the inside when something fails; for development only"),
        "0",
    ),
    Setting(
        "GUATU_SIGN_IN_PROFILE",
        SIGNING_IN,
        "modern",
        Text(
            "密码、二次验证、会话和限速的规则：modern、mlps3（等保三级）或一个文件的路径",
            "The rules of passwords, second factors, sessions and throttling: modern, mlps3, or the path of a file",
        ),
        "mlps3",
    ),
    Setting(
        "GUATU_OIDC",
        SIGNING_IN,
        "",
        Text(
            "统一认证提供方（山东通、钉钉、企业微信等）的 YAML 列表；一般用 GUATU_OIDC_FILE",
            "Sign-in providers (OpenID Connect) as a YAML list; usually given as GUATU_OIDC_FILE",
        ),
        "",
        secret=True,
    ),
    Setting(
        "GUATU_LANG",
        WATCHING,
        "$LANG",
        Text("guatu 命令说哪种语言：zh 或 en", "The language of the guatu command: zh or en"),
        "zh",
    ),
    Setting(
        "GUATU_LOG",
        WATCHING,
        "auto",
        Text(
            "日志格式：json 每行一个对象，text 给人看；auto 在终端里用 text，否则 json",
            "Form of the log: json is an object a line, text is for people; auto is text in a terminal, else json",
        ),
        "json",
    ),
    Setting(
        "GUATU_METRICS_TOKEN",
        WATCHING,
        "",
        Text(
            "别的机器读 /metrics 要带的令牌（Authorization: Bearer …）；不设则只有本机能读",
            "What another machine must send to read /metrics (Authorization: Bearer …); without it only this machine may",
        ),
        "",
        secret=True,
    ),
    Setting(
        "GUATU_STOP_SECONDS",
        WATCHING,
        "30",
        Text(
            "停止时给正在办的请求和后台任务多少秒；过时强行结束",
            "Seconds that requests and jobs under way are given when the site stops; after that they are ended",
        ),
        "30",
    ),
    Setting(
        "GUATU_BACKUP_HOURS",
        WATCHING,
        "26",
        Text(
            "超过多少小时没有备份，guatu hub check 就算缺",
            "Hours without a backup after which guatu hub check says that one is missing",
        ),
        "26",
    ),
    Setting(
        "GUATU_TOKEN_DAYS",
        DOORS,
        "366",
        Text("一个接口令牌最多有效多少天", "The most days for which an API token may be valid"),
        "90",
    ),
    Setting(
        "GUATU_TOKENS_PER_POST",
        DOORS,
        "10",
        Text("一个岗位最多同时有几个有效的令牌", "Most tokens in force that a post may have at a time"),
    ),
    Setting(
        "GUATU_API_PER_TOKEN",
        DOORS,
        "600",
        Text(
            "每个令牌每分钟最多多少个请求（每个网页进程）", "Most requests a minute by one token, for each web process"
        ),
    ),
    Setting(
        "GUATU_API_PER_ADDRESS",
        DOORS,
        "1200",
        Text(
            "每个网络地址每分钟最多多少个接口请求（每个网页进程）",
            "Most requests a minute to the API from one address, for each web process",
        ),
    ),
    Setting(
        "GUATU_API_BODY_BYTES",
        DOORS,
        "1048576",
        Text("接口请求的正文最大多少字节", "The largest body of a request to the API, in bytes"),
    ),
    Setting(
        "GUATU_IDEMPOTENCY_HOURS",
        DOORS,
        "48",
        Text(
            "重发的请求和表单多少小时内认得出，不少于 24",
            "Hours during which a repeated request or form is known again, 24 at least",
        ),
    ),
    Setting(
        "GUATU_TOKEN",
        DOORS,
        "",
        Text(
            "命令行改动站点时用的接口令牌，记录里写它的岗位",
            "The API token with which commands change the site; the record names its post",
        ),
        secret=True,
    ),
    Setting(
        "GUATU_AUDIT_HOLDERS",
        AUDIT,
        "",
        Text(
            "审计检查点交给谁留存，至少两处在本机之外：名称=folder:/挂载来的文件夹、名称=mail:地址、名称=paper，逗号隔开",
            "Who outside holds the audit's checkpoints, two at least: NAME=folder:/PATH (mounted from another host), "
            "NAME=mail:ADDRESS, NAME=paper, with commas between",
        ),
        "archive=folder:/mnt/archive/guatu,discipline=mail:audit@example.gov.cn",
    ),
    Setting(
        "GUATU_AUDIT_HASH",
        AUDIT,
        "sha256",
        Text("审计链用哪种哈希：sha256 或 sm3", "The hash of the audit's chain: sha256 or sm3"),
        "sm3",
    ),
    Setting(
        "GUATU_AUDIT_CHECKPOINT_SECONDS",
        AUDIT,
        "50",
        Text(
            "有写入时检查点最多隔多少秒，不超过 60",
            "Most seconds between checkpoints while anything is written, 60 at most",
        ),
    ),
    Setting(
        "GUATU_AUDIT_CHECKPOINT_RECORDS",
        AUDIT,
        "100",
        Text("检查点最多隔多少条记录，不超过 100", "Most records between checkpoints, 100 at most"),
    ),
    Setting(
        "GUATU_AUDIT_MAIL_MINUTES",
        AUDIT,
        "60",
        Text("给邮件留存处最多多少分钟发一封", "Minutes between mails to a holder that gets mails"),
        "15",
    ),
    Setting(
        "GUATU_AUDIT_WEB_EXPORT",
        AUDIT,
        "200000",
        Text(
            "网页上一次导出最多经过多少位；更多的用 guatu audit export",
            "Most places one export through a page may span; more with guatu audit export",
        ),
    ),
    Setting(
        "GUATU_MAIL",
        MAIL,
        "",
        Text(
            "发邮件的服务器：smtps://用户:密码@主机:端口（或 smtp、smtp+tls）",
            "The server mails go out by: smtps://USER:PASSWORD@HOST:PORT (or smtp, smtp+tls)",
        ),
        "smtps://guatu:PASSWORD@mail.example.gov.cn:465",
        secret=True,
    ),
    Setting(
        "GUATU_MAIL_FROM",
        MAIL,
        "guatu@localhost",
        Text("邮件的发件人", "Whom mails come from"),
        "guatu@example.gov.cn",
    ),
    Setting(
        "GUATU_BOUNDARIES",
        MAPS,
        "$GUATU_HOME/boundaries",
        Text(
            "站点自己的界线文件（*.geojson，按单位代码）放在哪里；有文件就不用业务包里的",
            "Where the site's own boundaries lie (*.geojson, by code of unit); with a file there those of packs are not used",
        ),
        "/etc/guatu/boundaries",
    ),
    Setting(
        "GUATU_MAP_APPROVAL",
        MAPS,
        "",
        Text(
            "审图号，印在地图上；不设则地图上写明只供内部",
            "The number the map was approved under printed on it; without it the map says that it is for use inside",
        ),
        "鲁SG(2021)001号",
    ),
    Setting(
        "GUATU_TIANDITU_KEY",
        MAPS,
        "",
        Text(
            "天地图浏览器端密钥；设了，地图可以叠天地图底图，浏览器只在这时向它要图",
            "The browser key of Tianditu: with it a base layer can be shown, and browsers ask its host for tiles, only then",
        ),
        "0123456789abcdef0123456789abcdef",
    ),
    Setting("GUATU_MOST_FILE_MB", READING, "10", Text("一个工作簿最多多大，MB", "The largest workbook read, in MB")),
    Setting("GUATU_ATTACHMENT_MB", READING, "20", Text("一个附件最大多少 MB", "The largest attached file, in MB")),
    Setting(
        "GUATU_ATTACHMENT_MEGAPIXELS",
        READING,
        "60",
        Text("附图最多多少百万像素", "The most pixels of an attached picture, in millions"),
    ),
    Setting(
        "GUATU_ATTACHMENT_EDGE",
        READING,
        "4096",
        Text("附图留存的长边最多多少像素", "The longest edge of the copy of a picture that is kept, in pixels"),
    ),
    Setting(
        "GUATU_LOAD_BYTES",
        READING,
        str(10 << 20),
        Text("批量载入单位和人员的工作簿最大多少字节", "The largest workbook of units and people, in bytes"),
    ),
    Setting(
        "GUATU_LOAD_PACK",
        READING,
        "",
        Text(
            "声明批量载入表格样式的业务包（台账 units 和 people）；空着就用自带的",
            "The pack that declares the sheets of a load (ledgers units and people); the shipped one if blank",
        ),
        "/etc/guatu/packs/our_units",
    ),
    Setting(
        "GUATU_LOAD_HOURS",
        READING,
        "72",
        Text(
            "上传后没有核准也没有放弃的工作簿保留多少小时",
            "Hours for which a workbook of units and people is kept that nobody accepted or gave up",
        ),
    ),
    Setting(
        "GUATU_MOST_UNPACKED_MB",
        READING,
        "100",
        Text("工作簿解开后最多多大，MB", "The most a workbook may unpack to, in MB"),
    ),
    Setting(
        "GUATU_MOST_ENTRIES",
        READING,
        "200",
        Text("一个工作簿里最多多少个部件", "Most parts inside one workbook"),
    ),
    Setting("GUATU_MOST_ROWS", READING, "20000", Text("一个工作表最多读多少行", "Most rows read of one sheet")),
    Setting("GUATU_MOST_COLUMNS", READING, "100", Text("一个工作表最多读多少列", "Most columns read of one sheet")),
    Setting(
        "GUATU_MOST_MEMORY_MB",
        READING,
        "512",
        Text("读一个工作簿最多用多少内存，MB", "Most memory to read one workbook, in MB"),
    ),
    Setting("GUATU_MOST_SECONDS", READING, "20", Text("读一个工作簿最多多少秒", "Most seconds to read one workbook")),
)


def by_area() -> Iterator[tuple[Text, list[Setting]]]:
    """The settings in groups, in the order in which they are declared."""
    for _, group in groupby(DECLARED, key=lambda one: one.area.en):
        settings = list(group)
        yield settings[0].area, settings


def as_markdown() -> str:
    """The page `docs/reference/settings.md`."""
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable. Each may come as `NAME_FILE` instead: the path of a file that holds the",
        "value, as secrets do. A value that makes no sense is refused at start-up, with its name and what would make sense.",
        "`guatu hub settings` prints this list with what is set; `guatu hub check` says what is missing for production.",
        "This page and [`.env.sample`](../../.env.sample) are printed by `guatu hub settings --as markdown` and `--as env`.",
    ]
    for area, settings in by_area():
        lines += ["", f"## {area.en}", "", "| setting | default | meaning |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {_code(one.default)} | {one.meaning.en} |" for one in settings]
    return "\n".join(lines) + "\n"


def as_env() -> str:
    """The file `.env.sample`: every setting with its meaning, none of them set."""
    lines = [
        "# 挂图的全部设置。复制为 /etc/guatu/guatu.env，去掉要用的行前的 #。每项也可写成 名称_FILE=文件路径。",
        "# All settings of Guatu. Copy to /etc/guatu/guatu.env, take the # off those you set. Each may be NAME_FILE=path.",
    ]
    for area, settings in by_area():
        lines += ["", f"## {area.zh} · {area.en}"]
        for one in settings:
            lines += [f"# {one.meaning.zh}。", f"# {one.meaning.en}.", f"#{one.name}={one.example or one.default}"]
    return "\n".join(lines) + "\n"


def _code(value: str) -> str:
    return f"`{value}`" if value else "none"
