"""Kit: pure helpers every room may use. No Django, no database, no clock of its own."""
