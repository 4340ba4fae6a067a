"""The clerk's web terminal.  統合端末"""
