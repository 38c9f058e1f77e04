"""Being written."""
def needs_approval(store, who, facts, impact): return []
