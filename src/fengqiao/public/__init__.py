"""Public: what residents may ask without an account. No page here knows a kind, a matter or a person."""
