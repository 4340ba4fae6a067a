"""Counts of the register by district, what of them is given out, and the annual report."""
