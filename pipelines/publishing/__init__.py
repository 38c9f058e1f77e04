"""How accepted files become a version: which rows are on air, how the file is built, proven and built anew."""
