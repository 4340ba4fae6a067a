"""First floor: PostgreSQL and nothing else."""
