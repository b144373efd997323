"""Runs of rounds, lights of items, results of units."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_loads_carried_out_by_the_worker"),
        ("ledger", "0009_find_items_by_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rulebook", models.CharField(max_length=64)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, max_length=32)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("period", models.CharField(max_length=16)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("known_by", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("judged", "Judged"), ("same", "Same"), ("failed", "Failed")],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(null=True)),
                ("record_id", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=80)),
                ("looked_back", models.JSONField(default=list)),
                ("items", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=dict)),
                ("book", models.TextField(default="{}")),
                ("kept", models.FileField(blank=True, upload_to="runs/%Y/%m")),
                ("refusal_where", models.CharField(blank=True, max_length=300)),
                ("refusal_zh", models.TextField(blank=True)),
                ("refusal_en", models.TextField(blank=True)),
                ("remedy_zh", models.TextField(blank=True)),
                ("remedy_en", models.TextField(blank=True)),
                (
                    "before",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.run"
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="ledger.ledger"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.packversion"
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assessment.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ItemLight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("severity", models.CharField(max_length=16)),
                ("before", models.CharField(blank=True, max_length=16)),
                ("change", models.CharField(blank=True, max_length=8)),
                ("lists", models.TextField(blank=True)),
                ("counted", models.TextField(blank=True)),
                ("lights", models.TextField()),
                ("values", models.TextField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lights", to="ledger.item"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lights", to="assessment.run"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.CharField(default="all", max_length=64)),
                ("title_zh", models.CharField(max_length=200)),
                ("title_en", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                ("peers", models.CharField(blank=True, max_length=200)),
                ("place", models.PositiveIntegerField()),
                ("values", models.TextField()),
                ("besides", models.TextField(default="{}")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="assessment.run"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["ledger", "state", "-ends_on", "-id"], name="assessment_run_latest"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("same_as__isnull", False), ("state", "same")),
                    models.Q(models.Q(("state", "same"), _negated=True), ("same_as", None)),
                    _connector="OR",
                ),
                name="assessment_same_goes_with_same_as",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "judged"), _negated=True),
                    models.Q(("known_by__isnull", False), models.Q(("digest", ""), _negated=True)),
                    _connector="OR",
                ),
                name="assessment_judged_says_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="assessment_round_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("ledger", "rulebook", "period"),
                name="assessment_waits_once",
            ),
        ),
        migrations.AddIndex(
            model_name="itemlight",
            index=models.Index(fields=["item", "run"], name="assessment_light_of_item"),
        ),
        migrations.AddIndex(
            model_name="itemlight",
            index=models.Index(fields=["run", "severity", "item"], name="assessment_light_severity"),
        ),
        migrations.AddIndex(
            model_name="itemlight",
            index=models.Index(fields=["run", "unit"], name="assessment_light_unit"),
        ),
        migrations.AddConstraint(
            model_name="itemlight",
            constraint=models.UniqueConstraint(fields=("run", "item"), name="assessment_light_once"),
        ),
        migrations.AddIndex(
            model_name="unitresult",
            index=models.Index(fields=["run", "list", "place"], name="assessment_result_list"),
        ),
        migrations.AddConstraint(
            model_name="unitresult",
            constraint=models.UniqueConstraint(fields=("run", "unit", "list"), name="assessment_result_once"),
        ),
    ]
