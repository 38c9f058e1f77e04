"""A register, not a dataset of ours: who an institution is (charter-holder lists). It lends names and codes to the other sources."""

from pipelines.sources import Column, Source

SOURCE = Source(
    name="institutions",
    en="Institutions", tr="Kurumlar",
    row_en="One institution that holds a charter.", row_tr="Beyanname sahibi bir kurum.",
    steward_en="European Commission", steward_tr="Avrupa Komisyonu",
    year=None,
    due=None,
    columns=(
        Column("erasmus_code", "erasmus_code", "Erasmus code", "Erasmus kodu", "Three characters for the country, the town, two or three digits.", "Ülke için üç karakter, şehir, iki üç rakam.", ("eramus code", "erasms code", "accreditation code"), True, None, True),
        Column("pic", "text", "PIC", "PIC", "", "", (), False),
        Column("oid", "text", "OID", "OID", "", "", (), False),
        Column("name", "text", "Legal name", "Resmî ad", "", "", ("organisation legal name", "organization legal name"), True),
        Column("city", "text", "City", "Şehir", "", "", (), False),
        Column("country", "country", "Country", "Ülke", "", "", ("country cd", "country code"), True),
        Column("website", "text", "Website", "Web sitesi", "", "", ("webpage", "website url"), False),
        Column("charter_from", "date", "Charter from", "Beyanname başlangıcı", "", "", ("eche start date", "erasmus eche start"), False),
        Column("charter_to", "date", "Charter to", "Beyanname bitişi", "", "", ("eche end date", "erasmus eche end"), False),
    ),
)  # fmt: skip
