"""Links inside the hall: the feed, its readers, files, extractions, and the sheet of a family's next steps.  庁内連携"""
