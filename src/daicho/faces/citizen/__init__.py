"""A resident's page: what is recorded about me, and who has seen it.  開示"""
