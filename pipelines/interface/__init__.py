"""What is on air for programmes: the same figures as on the pages, with the same small numbers hidden, as JSON, CSV and Parquet.

``questions`` says what may be asked, ``resources`` what is answered, ``written`` how it is written down, ``description`` tells all three
as OpenAPI, ``datapackage`` writes a whole publication into a folder. Nothing here knows of the web.
"""
