"""Payouts that go to the bank in a file, and the bank's answer to it."""
