"""Publications written together with others: one number per partner institution (or country) and year, from a citation database."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="joint_publications",
    en="Joint publications", tr="Ortak yayınlar",
    row_en="Publications of one year written together with one institution, or with one country where no institution is told.",
    row_tr="Bir yılda bir kurumla, kurum belirtilmemişse bir ülkeyle birlikte yazılmış yayınlar.",
    steward_en="Library", steward_tr="Kütüphane",
    year="academic_year",
    derived=(("international", "flag"),),
    columns=(
        INSTITUTION,
        Column("academic_year", "year", "Year", "Yıl", "The year of publication: 2024 stands for 2024-2025.", "Yayın yılı: 2024, 2024-2025 yerine geçer.", ("publication year", "yayın yılı", "academic year", "akademik yıl"), True, None, True),
        Column("partner", "text", "Partner institution", "Karşı kurum", "Empty: the country as a whole.", "Boş: ülkenin tümü.", ("partner", "institution name", "co-author institution", "ortak kurum", "kurum"), False, None, True),
        Column("country", "country", "Country", "Ülke", "Where the partner lies.", "Karşı kurumun ülkesi.", ("partner country", "ülkesi", "country/region"), True, None, True),
        Column("publications", "count", "Joint publications", "Ortak yayın sayısı", "A publication with three partners stands in three rows: never add rows up.", "Üç ortaklı yayın üç satırda yer alır: satırlar toplanmaz.", ("publications", "co-publications", "documents", "co-authored publications", "ortak yayın", "yayın sayısı", "yayın"), True),
        Column("detail", "text", "Detail", "Ayrıntı", "Anything else that tells rows apart.", "Satırları ayıran başka bilgi.", ("note", "not"), False, None, True),
        STATUS,
    ),
)  # fmt: skip
