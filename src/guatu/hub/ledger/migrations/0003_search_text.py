from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guatu.hub.ledger.search import search_text

BATCH = 500


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """What items that are there already can be found by."""
    items = apps.get_model("ledger", "Item").objects
    batch = []
    for item in items.only("name", "code", "values").iterator(chunk_size=BATCH):
        item.search_text = search_text(item.name, item.code, item.values)
        batch.append(item)
        if len(batch) == BATCH:
            items.bulk_update(batch, ["search_text"])
            batch = []
    items.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_attachments")]

    operations = [
        migrations.AddField("item", "search_text", models.TextField(default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
