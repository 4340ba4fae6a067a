"""A whole country for tests and demonstrations: people, stories, a supervisor of nodes."""
