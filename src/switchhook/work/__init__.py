"""Work that outlives a request: placing calls, and finding them again after a crash."""
