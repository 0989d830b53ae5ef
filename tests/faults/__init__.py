"""What happens to a call when something it depends on fails, one thing at a time."""
