"""What the town where somebody lives tells the town of the domicile, and what that one says against it.  戸籍の附票の通知"""
