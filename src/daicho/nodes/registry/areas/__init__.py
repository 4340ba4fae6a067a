"""Changes of names of places: brought, looked through, approved, carried out, what is left.  住居表示・町名地番変更"""
