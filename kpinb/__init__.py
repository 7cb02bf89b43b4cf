"""Plan and review performance indicators in notebooks, month by month, for every department."""

__version__ = "0.1.0"
