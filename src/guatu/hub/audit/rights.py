"""Rights on the tables of the record: on PostgreSQL the site's role may add to them and read them, and nothing else."""

from __future__ import annotations

import re

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from guatu.hub.audit import triggers
from guatu.text import Refusal, Text


class CannotRestrict(Refusal):
    """The rights cannot be given as asked."""

    def __init__(self, role: str, what: Text, remedy: Text) -> None:
        super().__init__(f"role {role}", what, remedy)


def restrict_sql(role: str) -> list[str]:
    """What the owner of the tables runs after every migration, so that `role` can run the site and not alter its record."""
    if not re.fullmatch(r"[a-z_][a-z0-9_$]{0,62}", role):
        raise CannotRestrict(
            role,
            Text("不是能用的角色名", "is no role name that can be used"),
            Text("用小写字母、数字和下划线。", "Use small letters, digits and underscores."),
        )
    protected = ", ".join(triggers.APPEND_ONLY)
    return [
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
        f'REVOKE ALL ON {protected} FROM PUBLIC, "{role}"',
        f'GRANT SELECT, INSERT ON {protected} TO "{role}"',
    ]


def restrict(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give `role` what the site needs and no more; run as the owner of the tables, after every migration."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        raise CannotRestrict(
            role,
            Text("SQLite 没有角色和权限", "SQLite knows no roles"),
            Text("市级以上请用 PostgreSQL。", "A city's site uses PostgreSQL."),
        )
    statements = restrict_sql(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            raise CannotRestrict(
                role,
                Text("它正是建表的角色", "it is the very role that makes the tables"),
                Text(
                    "另建一个角色给网站用：CREATE ROLE … LOGIN，再对它授权；迁移仍用原角色。",
                    "Make another role for the site (CREATE ROLE … LOGIN) and restrict that one; migrate with this one.",
                ),
            )
        for statement in statements:
            cursor.execute(statement)


def weaknesses(using: str = DEFAULT_DB_ALIAS) -> list[Text]:
    """How whoever holds the database connection at hand could alter the record; nothing when the database keeps them off."""
    connection = connections[using]
    found = [
        Text(f"表 {table} 的只增触发器不全", f"the triggers that keep table {table} append-only are not all there")
        for table in triggers.missing(connection)
    ]
    return found + (_on_postgresql(connection) if connection.vendor == "postgresql" else _on_sqlite(connection))


def _on_sqlite(connection: BaseDatabaseWrapper) -> list[Text]:
    name = connection.settings_dict["NAME"]
    return [
        Text(
            f"SQLite 没有权限之分：能写文件 {name} 的人就能改审计记录；触发器只是一道坎，靠外部检查点才看得出来",
            f"SQLite knows no rights: whoever can write {name} can alter the record; triggers are a speed bump, and only "
            "checkpoints held outside make it show",
        )
    ]


_ROLE = """
SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user
"""
_TABLES = """
SELECT c.relname,
       pg_has_role(current_user, c.relowner, 'MEMBER'),
       has_table_privilege(current_user, c.oid, 'UPDATE') OR has_any_column_privilege(current_user, c.oid, 'UPDATE'),
       has_table_privilege(current_user, c.oid, 'DELETE'),
       has_table_privilege(current_user, c.oid, 'TRUNCATE'),
       has_table_privilege(current_user, c.oid, 'TRIGGER')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relname = ANY(%s) ORDER BY c.relname
"""


def _on_postgresql(connection: BaseDatabaseWrapper) -> list[Text]:
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        role, is_superuser, makes_roles = cursor.fetchone()
        cursor.execute(_TABLES, [list(triggers.APPEND_ONLY)])
        tables = cursor.fetchall()
    if is_superuser:
        return [
            Text(
                f"数据库角色 {role} 是超级用户，什么都改得了",
                f"the database role {role} is a superuser and can alter anything",
            )
        ]
    found = []
    if makes_roles:
        found.append(
            Text(
                f"数据库角色 {role} 能建角色，从而能取得表主的权限",
                f"the database role {role} may make roles, and so come by the rights of the tables' owner",
            )
        )
    for table, owns, *rights in tables:
        if owns:
            found.append(
                Text(
                    f"数据库角色 {role} 是表 {table} 的主人（或属于主人），能停掉触发器",
                    f"the database role {role} owns table {table} (or belongs to its owner) and can switch its triggers off",
                )
            )
            continue
        held = [name for name, has in zip(("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"), rights, strict=True) if has]
        if held:
            found.append(
                Text(
                    f"数据库角色 {role} 对表 {table} 有权限 {'、'.join(held)}",
                    f"the database role {role} holds {', '.join(held)} on table {table}",
                )
            )
    return found
