"""Pages of the link with the Ministry of Justice: its notices, ours, and the form that its notices fill in.  法務省連携"""
