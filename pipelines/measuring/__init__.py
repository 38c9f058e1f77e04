"""How an indicator gets its value: formulas into SQL, SQL into values, values derived, judged, hidden and traced."""
