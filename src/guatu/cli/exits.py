"""What the exit code of every command means; `docs/reference/cli.md` prints the same table."""

from __future__ import annotations

from enum import IntEnum

from guatu.text import Text


class Exit(IntEnum):
    DONE = 0
    CRASHED = 1
    USAGE = 2
    REFUSED = 3
    REFUSED_PARTLY = 4
    TAMPERED = 5
    INTERRUPTED = 130


MEANING = {
    Exit.DONE: Text("全部完成", "all done"),
    Exit.REFUSED_PARTLY: Text(
        "结果已写出，但有工作簿被退回或有待答复的问题", "results written, but a workbook was refused or questions wait"
    ),
    Exit.CRASHED: Text(
        "程序出错，请连同屏幕内容一起反馈", "a fault in the program; report it with what the screen says"
    ),
    Exit.USAGE: Text("命令写错了", "the command line is wrong"),
    Exit.REFUSED: Text("没有写出结果，原因已说明", "no result written; the reason was given"),
    Exit.TAMPERED: Text("审计记录被动过", "the audit record was tampered with"),
    Exit.INTERRUPTED: Text("被中断", "interrupted"),
}
