"""The crash run: load through the doors, kills at random, then a reckoning with the database itself."""
