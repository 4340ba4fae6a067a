"""The listener for other systems of the hall: OAuth2 client credentials, a feed, one resident, a day as a file.  庁内連携"""
