"""How a supplier's table becomes ours: the header found, its columns matched, their words looked up."""
