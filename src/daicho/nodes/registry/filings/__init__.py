"""What the family register tells other towns, and what theirs tell this one, until it is recorded.  法9条2項の通知"""
