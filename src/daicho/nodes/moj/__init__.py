"""The stand-in of the Ministry of Justice in a demonstration: it knows people from files alone.  法務省連携端末（模擬）

No node of the network: it has no certificate, no database, and nobody calls it.
"""
