"""The regular survey of the register as a piece of work.  定期調査"""
