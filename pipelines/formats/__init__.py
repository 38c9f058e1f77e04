"""How data comes in: one module per file format. All of them give text cells with their place, and interpret nothing."""
