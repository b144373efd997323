import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_where_people_work")]

    operations = [
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("wrong", "Wrong"),
                            ("ready", "Ready"),
                            ("posts", "Posts"),
                            ("taken", "Taken"),
                            ("given_up", "Given Up"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("content", models.BinaryField()),
                ("read", models.TextField(blank=True)),
                ("plan_digest", models.CharField(blank=True, max_length=100)),
                ("counts", models.JSONField(default=dict)),
                ("marked", models.BinaryField(default=bytes)),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loads", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["state", "submitted_at"], name="accounts_load_state")]},
        ),
    ]
