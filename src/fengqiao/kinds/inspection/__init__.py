"""A check of one place (检查): owed by the round or a campaign, answered on a pinned checklist, its findings matters of their own."""
