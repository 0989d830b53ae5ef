"""Fakes and clocks for tests, ours and our users'."""
