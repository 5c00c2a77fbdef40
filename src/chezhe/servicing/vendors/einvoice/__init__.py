"""The tax authority's platform for fully digital invoices (数电票)."""
