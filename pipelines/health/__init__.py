"""How an installation is doing: what it must be able to do (checks), what is counted (figures), when somebody must come (alarms)."""
