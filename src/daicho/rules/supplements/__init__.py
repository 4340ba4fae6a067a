"""What the town where somebody lives tells the town of the registered domicile, and what that town says against it.  戸籍の附票の通知"""
