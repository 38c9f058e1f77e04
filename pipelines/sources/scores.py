"""What somebody gave as a score, a rank or a grade: rankings of universities, surveys, the self-evaluation of quality assurance."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="scores",
    en="Scores and ranks", tr="Puanlar ve sıralar",
    row_en="One score or rank of one criterion: of the institution, or of a partner in a ranking.",
    row_tr="Kurumun ya da sıralamada yer alan bir ortağın, tek ölçütteki puanı ya da sırası.",
    steward_en="Quality Office", steward_tr="Kalite Koordinatörlüğü",
    year="academic_year",
    columns=(
        INSTITUTION,
        Column("academic_year", "year", "Academic year", "Akademik yıl", "The year to which it is counted; a ranking's edition may be named after a later one.", "Sayıldığı yıl; sıralamanın baskısı daha sonraki bir yılın adını taşıyabilir.", ("year", "yıl", "yılı"), True, None, True),
        Column("scheme", "word", "Given by", "Kaynağı", "The ranking, the survey or the self-evaluation.", "Sıralama, anket ya da öz değerlendirme.", ("ranking", "scheme", "survey", "sıralama", "anket", "kuruluş"), True, "scheme", True),
        Column("criterion", "word", "Criterion", "Ölçüt", "", "", ("indicator", "pillar", "gösterge", "alt ölçüt"), True, "criterion", True),
        Column("direction", "word", "Direction", "Yön", "Of a survey: who was asked, those who went or those who came.", "Ankette: gidenlere mi gelenlere mi soruldu.", ("in/out", "giden/gelen"), False, "direction", True),
        Column("partner", "text", "Partner institution", "Karşı kurum", "Whose rank it is. Empty: our own.", "Sıra kimin. Boş: kendi kurumumuz.", ("partner", "ortak", "karşı üniversite"), False, None, True),
        Column("country", "country", "Country", "Ülke", "Where the partner lies.", "Karşı kurumun ülkesi.", ("partner country", "ülkesi"), False),
        Column("edition", "text", "Edition", "Baskı", "As the ranking names it: 2026.", "Sıralamanın adlandırdığı gibi: 2026.", ("release", "sürüm", "yayım"), False, None, True),
        Column("score", "number", "Score", "Puan", "", "", ("points", "grade", "mean score", "puanı", "ortalama puan", "olgunluk düzeyi"), False),
        Column("rank", "count", "Rank", "Sıra", "Of a band (501–600) its first rank.", "Aralığın (501–600) ilk sırası.", ("position", "place", "sırası", "sıralamadaki yeri"), False),
        Column("responses", "count", "Responses", "Yanıt sayısı", "Of a survey: how many answered.", "Ankette: kaç kişi yanıtladı.", ("answers", "respondents", "yanıtlayan"), False),
        Column("invited", "count", "Invited", "Çağrılan", "Of a survey: how many were asked.", "Ankette: kaç kişiye soruldu.", ("asked", "sample", "gönderilen"), False),
        STATUS,
    ),
)  # fmt: skip
