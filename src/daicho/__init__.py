"""Daicho (台帳): an open Basic Resident Registration Network.  住民基本台帳ネットワーク"""

__version__ = "0.1.0"
