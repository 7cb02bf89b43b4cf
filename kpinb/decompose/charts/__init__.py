"""Pictures of the second stage, one module each."""
