"""The pages of a municipality's counter: residents, their changes, their certificates.  窓口"""
