"""Sign-in, sessions, the second person, work queues."""
