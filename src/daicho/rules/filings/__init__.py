"""What one town's family register tells the town where somebody lives, and what that town answers.  法9条2項の通知"""
