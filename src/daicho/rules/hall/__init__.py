"""What the hall's other offices are told of residents, by feed and by file, and where a family goes next.  庁内連携"""
