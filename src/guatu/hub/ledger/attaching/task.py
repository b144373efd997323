"""The worker's part of an attachment: look at what was sent, in a child process, and keep what may be given out."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.hub.ledger.actions.attachments import keep_looked
from guatu.hub.ledger.models import Attachment
from guatu.hub.ledger.models.attachments import AttachmentState
from guatu.text import Refusal, Text


@task()
def look_at_attachment(attachment_id: int) -> None:
    """A file that was looked at already is left alone: a job may run twice."""
    one = Attachment.objects.select_related("item", "goal").get(pk=attachment_id)
    if one.state != AttachmentState.WAITING:
        return
    by = OnBehalf(None, None, one.subject.unit_id, Source(Door.WORKER))
    reading = import_module("guatu.office.attachments.reading")
    limits = import_module("guatu.office.containers.limits").limits_in_force()
    pictures = import_module("guatu.office.attachments.pictures").PictureLimits(
        settings.ATTACHMENT_MEGAPIXELS, settings.ATTACHMENT_EDGE
    )
    try:
        with one.sent.open("rb") as sent:
            content = sent.read()
        looked = reading.look_at(one.name, content, limits, pictures)
    except Refusal as no:
        said = Text(f"{no.what.zh}。{no.remedy.zh}", f"{no.what.en}. {no.remedy.en}")
        keep_looked(one=one, looked=None, refusal=said, by=by, at=timezone.now())
    except FileNotFoundError:
        said = Text("文件没有存下来，请再附一次。", "The file was not kept; attach it again.")
        keep_looked(one=one, looked=None, refusal=said, by=by, at=timezone.now())
    else:
        keep_looked(one=one, looked=looked, by=by, at=timezone.now())
