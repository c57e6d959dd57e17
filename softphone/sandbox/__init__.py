"""A pretend Plivo for one laptop. It imports nothing of the product, so that it cannot agree with our mistakes."""
