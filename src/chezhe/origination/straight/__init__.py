"""No human between submission and signing: what the machine may do by itself for a customer who agreed to it beforehand."""
