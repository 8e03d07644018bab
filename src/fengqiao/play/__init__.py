"""The demo station at play: seeded alerts, residents and officers, all through the ordinary doors."""
