"""Indicators computed by a formula: what its names mean, what each month gives, whether the actuals agree."""
