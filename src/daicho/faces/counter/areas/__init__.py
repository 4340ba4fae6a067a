"""住居表示・町名地番の変更: the pages of a change of names, from its table to the households that are left."""
