"""The phone app in a real browser, on the program as users start it."""
