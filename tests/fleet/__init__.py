"""A fleet of simulated phones against the real program: partitions, lost answers, duplicates, two tabs, clocks
wrong by days, beats that change. `python -m tests.fleet --phones 50 --seconds 90` runs it by hand."""
