"""The lists every station starts with, one JSON file each: facts of published rules, to be changed by each station."""
