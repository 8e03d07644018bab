"""Server: settings, addresses, the `fengqiao` command and the one program. The only room that knows all rooms."""
