"""What the work costs a hand: taps, keys and waiting of the most frequent journeys, measured in a real browser
against `budget.json`. `make burden` measures anew and writes docs/guide/burden.md."""
