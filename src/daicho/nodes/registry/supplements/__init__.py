"""What the town tells the towns of registered domiciles of its residents, and they it, until it is recorded.  戸籍の附票の通知"""
