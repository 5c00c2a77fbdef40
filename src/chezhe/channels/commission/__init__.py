"""What dealers earn: plans as dated data, proposed by one and agreed to by another."""
