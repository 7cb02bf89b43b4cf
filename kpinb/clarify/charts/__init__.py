"""Pictures of the first stage, one module each."""
