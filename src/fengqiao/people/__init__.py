"""People (人): those who serve, their posts and rights, sign-in, and the log of who looked at whose words."""
