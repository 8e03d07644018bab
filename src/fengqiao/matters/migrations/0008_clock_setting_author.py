import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from fengqiao.store.walls import pointing


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0007_visit_point"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="clocksetting",
            name="changed_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        *pointing("matters_clocksetting", {"changed_by_id": "people_person"}),
    ]
