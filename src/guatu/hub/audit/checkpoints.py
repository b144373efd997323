"""Checkpoints as holders keep them: a line of JSON for folders and mails, a block of text for papers."""

from __future__ import annotations

import json

from guatu.hub.audit.models import Checkpoint
from guatu.hub.audit.moments import instant
from guatu.text import Text


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """One line, as `--checkpoints` reads it."""
    return json.dumps({"place": checkpoint.place, "hash": checkpoint.hash, "made_at": instant(checkpoint.made_at)})


def printed_block(checkpoint: Checkpoint) -> Text:
    """A few lines for a paper: enough to hold the record to what it said that day. The long line is what is typed to check."""
    groups = " ".join(checkpoint.hash[at : at + 8] for at in range(0, len(checkpoint.hash), 8))
    line = f"{checkpoint.place} {groups}"
    made = instant(checkpoint.made_at)[:19].replace("T", " ")
    return Text(
        f"审计检查点（{made} UTC）：截至第 {checkpoint.place} 条记录\n{line}",
        f"Audit checkpoint ({made} UTC): up to record {checkpoint.place}\n{line}",
    )
