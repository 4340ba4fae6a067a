"""The directory, renewal of certificates, rotation of keys."""
