"""One published number: a base measure (enrolled students) or an indicator's value as its institution stated it."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="yearly_figures",
    en="Yearly figures", tr="Yıllık sayılar",
    row_en="One published number, of a year or of a period.", row_tr="Bir yılın ya da dönemin yayımlanmış bir sayısı.",
    steward_en="Quality Office", steward_tr="Kalite Koordinatörlüğü",
    year="year_from",
    derived=(("domestic", "flag"),),
    columns=(
        INSTITUTION,
        Column("year_from", "year", "From year", "Başlangıç yılı", "The year, or the first of a period.", "Yıl ya da dönemin ilk yılı.", ("year", "yıl", "academic year", "akademik yıl"), False, None, True),
        Column("year_to", "year", "To year", "Bitiş yılı", "The last year of a period; empty: one year.", "Dönemin son yılı; boş: tek yıl.", ("until", "yıla kadar"), False, None, True),
        Column("measure", "word", "Measure", "Gösterge", "A base measure, or an indicator's code or name.", "Temel bir büyüklük ya da bir göstergenin kodu veya adı.", ("indicator", "figure", "ölçü", "gösterge kodu"), True, "measure", True),
        Column("programme", "word", "Programme", "Program", "", "", ("program",), False, "programme", True),
        Column("level", "word", "Level", "Düzey", "", "", ("level of study", "öğrenim düzeyi"), False, "level", True),
        Column("unit", "text", "Unit", "Birim", "", "", ("faculty", "fakülte", "bölüm"), False, None, True),
        Column("country", "country", "Country", "Ülke", "", "", ("ülke",), False, None, True),
        Column("detail", "text", "Detail", "Ayrıntı", "Anything else that tells rows apart.", "Satırları ayıran başka bilgi.", ("note", "not"), False, None, True),
        Column("value", "number", "Value", "Değer", "Empty with the precision “none”: the institution states that there is none.", "“yok” kesinliğiyle boş: kurum olmadığını bildiriyor.", ("number", "sayı", "figure value"), False),
        Column("precision", "word", "Precision", "Kesinlik", "Exact, about, more than, less than, none.", "Kesin, yaklaşık, fazla, az, yok.", ("exactness",), False, "precision"),
        Column("currency", "text", "Currency", "Para birimi", "ISO 4217, for amounts; the same amount in two currencies is two rows.", "Tutarlar için ISO 4217; aynı tutar iki para biriminde iki satırdır.", ("para",), False, None, True),
        STATUS,
    ),
)  # fmt: skip
