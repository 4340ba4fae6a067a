"""Every refusal and fault in Japanese, for people."""
