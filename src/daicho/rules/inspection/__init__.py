"""Inspection of a part of the register: who may read the four items, of whom, and what is made public of it.  閲覧"""
