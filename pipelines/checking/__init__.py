"""How the rules of a source are put to Great Expectations: made from the suites, prepared in DuckDB, run aside."""
