"""What dealers earn by loans: accrued with the payout, taken back, netted by the month and paid."""
