"""What stands between a socket and a page: hosts and origins, limits, headers, forms with files, replies, our own files."""
