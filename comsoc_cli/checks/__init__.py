"""The copy desk: reads, never changes, returns problems."""
