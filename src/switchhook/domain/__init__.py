"""Values and rules of telephone calls: no I/O, no clock, nothing of ours imported."""
