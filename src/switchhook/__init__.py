"""Switchhook: a telephone for any AI assistant."""

__version__ = "0.1.0"
