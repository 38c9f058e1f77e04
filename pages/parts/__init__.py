"""Pieces of pages: choosing, reading, cards, charts, tables, messages, downloads. No page lives here."""
