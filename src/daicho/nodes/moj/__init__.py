"""The stand-in of the Ministry of Justice in a demonstration: it knows people from files alone.  出入国在留管理庁（模擬）

No node of the network: it has no certificate, no database, and nobody calls it.
"""
