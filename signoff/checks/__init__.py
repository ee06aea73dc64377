"""What each gate asks of an engagement: every check returns the blockers that it finds."""
