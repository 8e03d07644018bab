"""What builds, checks and documents fengqiao; nothing here is part of the product."""
