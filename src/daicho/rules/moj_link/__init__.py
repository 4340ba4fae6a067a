"""What the Ministry of Justice tells a town of its foreign residents, and what the town tells the Ministry.  法務省連携"""
