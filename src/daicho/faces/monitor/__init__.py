"""What monitoring software asks a node: alive, ready, figures; nothing about anybody."""
