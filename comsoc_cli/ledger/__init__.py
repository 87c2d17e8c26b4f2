"""What was attempted and what came of it, durably, one row per delivery."""
