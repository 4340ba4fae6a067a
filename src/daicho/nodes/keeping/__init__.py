"""Identification information at the counterless levels: keep reports, keep numbers, search."""
