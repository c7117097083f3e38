"""User names differ in more than the case of their letters."""

import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import Lower


def look_for_doubles(apps, schema_editor):
    """Name the accounts that must be renamed first, rather than fail with a database's words."""
    users = apps.get_model("accounts", "User").objects
    doubled = (
        users.order_by()
        .annotate(lower=Lower("username"))
        .values("lower")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .values_list("lower", flat=True)
    )
    if names := sorted(doubled):
        raise ValueError(
            "These user names exist in several cases; rename all but one first: "
            + ", ".join(names)
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in")]

    operations = [
        migrations.RunPython(look_for_doubles, migrations.RunPython.noop),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_once_in_any_case",
                violation_error_message="This user name is taken.",
            ),
        ),
    ]
