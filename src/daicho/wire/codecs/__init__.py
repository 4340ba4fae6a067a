"""Bytes of letters and answers, one codec per room."""
