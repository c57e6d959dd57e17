"""One module per verb the product can do: load, decide, save, tell."""
