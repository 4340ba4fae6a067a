"""The pages of the office of papers: cash-up and sheets, notices that are owed, post, inspection.  証明書等の事務"""
