"""Benchmarks: the main job at its limit, each with its ceiling in the same run; law, ledger, TLS, durability on."""
