"""Record, seals, checkpoints and deliveries refuse to be changed or deleted; how it stands with holders is kept."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guatu.hub.audit import triggers


def protect(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="HolderState",
            fields=[
                ("holder", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("next_try_at", models.DateTimeField()),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("problem", models.TextField(blank=True)),
                ("delivered_up_to", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
