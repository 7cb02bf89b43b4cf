"""What a target asks of the drivers that its indicator is computed from."""
