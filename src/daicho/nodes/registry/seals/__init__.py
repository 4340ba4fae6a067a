"""Seal registration at the registry: what is asked, decided, certified, and what changes make of it.  印鑑登録"""
