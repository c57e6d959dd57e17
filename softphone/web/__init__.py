"""HTTP in, HTTP out: thin blueprints that guard, read, act and write."""
