"""Articles, dated values, day counting, calendars, refusals."""
