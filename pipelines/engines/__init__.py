"""What formulas are run on: DuckDB in this process, or Apache Spark for more rows than one machine holds. One compiler for both."""
