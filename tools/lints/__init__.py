"""Small lints of our own: what no ready tool knows about this house."""
