"""What the Ministry of Justice tells the town, until it is recorded, and what the town tells the Ministry.  法務省連携"""
