"""Who is here and what they may do: people, sessions, and the one table of permissions."""
