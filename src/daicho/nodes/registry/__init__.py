"""The municipality's resident register.  既存住基"""
