"""The resident record, households, notices and what each does to the record."""
