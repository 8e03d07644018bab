"""The log of looks is append-only for the application; what is older than its life (three years) is deleted by
this function of the owner, which deletes nothing younger whatever it is asked."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_forget_looks(asked_at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE gone integer;
BEGIN
    DELETE FROM people_look WHERE id IN (
        SELECT id FROM people_look
        WHERE at < least(asked_at, clock_timestamp()) - interval '1095 days'
          AND station_id = nullif(current_setting('app.station', true), '')::bigint
        ORDER BY at LIMIT most
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION people_forget_looks(timestamptz, integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_logs"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION people_forget_looks(timestamptz, integer)"),
    ]
