"""Which loans are debited, when and how often; what the money that comes pays, and what follows when it does not come.

The orders themselves, the mandates they rest on and the channel are `payments.debits`.
"""
