"""Figures that leave the room in which they are counted: by district, without small ones, and for the annual report."""
