"""Reads, recomputes, accuses; can write nothing."""
