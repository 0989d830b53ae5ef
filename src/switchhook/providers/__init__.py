"""Vendors, a folder each, behind the ports."""
