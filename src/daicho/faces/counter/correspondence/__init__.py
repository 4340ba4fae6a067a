"""Pages of what the town writes: papers of cases, letters in bulk, the regular survey."""
