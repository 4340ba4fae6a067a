"""Identification information: projection, acceptance, search.  本人確認情報"""
