from django.db import migrations, models

from fengqiao.store.walls import through_the_wall

# A mark that an address was wrong becomes the number of such visits, as the events tell.
FROM_EVENTS = """
UPDATE fraud_alert_fraudalert AS a SET
    on_the_way = m.stage = 'dispatched',
    wrong_visits = (SELECT count(*) FROM matters_event
                    WHERE matter_id = m.id AND act = 'wrong_address' AND standing = 'done')
FROM matters_matter AS m WHERE m.id = a.matter_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fraud_alert", "0002_whole_road"),
    ]

    operations = [
        migrations.AddField(
            model_name="fraudalert",
            name="on_the_way",
            field=models.BooleanField(default=False, verbose_name="已出发未到"),
        ),
        migrations.AddField(
            model_name="fraudalert",
            name="wrong_visits",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="地址有误的上门"),
        ),
        *through_the_wall(FROM_EVENTS, "fraud_alert_fraudalert", "matters_matter", "matters_event"),
        migrations.RemoveField(model_name="fraudalert", name="wrong_address"),
    ]
