"""Words into codes: countries, years, numbers, dates, programmes, fields, levels, institutions. Looked up, never guessed."""
