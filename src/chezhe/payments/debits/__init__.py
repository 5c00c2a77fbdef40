"""Direct debit: mandates, the orders that rest on them, what the channel says of them, and its daily settlement.

Which loan an order is for is known only to the room above; it asks by `orders.request` under a claim of its own, is asked back
right before sending (`claims`), and hears what became of it by events (`debit.collected`, `debit.failed`, …).
"""
