"""A target divided among its parts: rules, held values, exact rounding, down any hierarchy."""
