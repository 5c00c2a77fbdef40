"""Anti-money-laundering: who the customer is, who stands behind a company, and whether a watch list names them."""
