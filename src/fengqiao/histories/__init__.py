"""What was checked at a place before, and found, and put right: histories that came in from elsewhere."""
