"""People by nationality: students, new entrants, graduates, staff."""

from pipelines.sources import INSTITUTION, STATUS, YEAR, Column, Source

SOURCE = Source(
    name="country_distribution",
    en="Country distribution", tr="Ülkelere göre dağılım",
    row_en="People of one nationality in one group.", row_tr="Bir gruptaki bir uyruktan kişiler.",
    steward_en="Registrar's Office, Personnel Office", steward_tr="Öğrenci İşleri, Personel Dairesi",
    year="academic_year",
    due="11-15",
    derived=(("international", "flag"),),
    columns=(
        INSTITUTION,
        YEAR,
        Column("group", "word", "Group", "Grup", "Students, new entrants, graduates, academic staff, administrative staff.", "Öğrenciler, yeni kayıtlar, mezunlar, akademik personel, idari personel.", ("people", "population", "kişi grubu", "category"), True, "group", True),
        Column("level", "word", "Level", "Düzey", "", "", ("level of study", "öğrenim düzeyi", "derece"), False, "level", True),
        Column("country", "country", "Nationality", "Uyruk", "Country of citizenship. “Unknown” and “stateless” are answers too.", "Vatandaşlık. “Bilinmiyor” ve “vatansız” da birer yanıttır.", ("country", "ülke", "uyruğu", "citizenship", "country of nationality"), True, None, True),
        Column("unit", "text", "Unit", "Birim", "", "", ("faculty", "department", "fakülte", "bölüm"), False, None, True),
        Column("gender", "word", "Gender", "Cinsiyet", "", "", ("sex",), False, "gender", True),
        Column("prior_education", "word", "Earlier education", "Önceki öğrenim", "Where the schooling that led here was finished: abroad or in this country. UNESCO's mobile students are those from abroad.", "Buraya getiren öğrenimin bittiği yer: yurt dışı ya da bu ülke. UNESCO'nun hareketli öğrencisi yurt dışından gelendir.", ("prior education", "upper secondary education", "lise ülkesi", "önceki eğitim", "ortaöğretim yeri"), False, "prior_education", True),
        Column("teaching_language", "word", "Language of teaching", "Öğretim dili", "Of the programme: the national language or another.", "Programın dili: ülkenin dili ya da başka bir dil.", ("language of instruction", "teaching language", "programme language", "program dili", "eğitim dili"), False, "teaching_language", True),
        Column("detail", "text", "Detail", "Ayrıntı", "Anything else that tells rows apart.", "Satırları ayıran başka bilgi.", ("note", "not"), False, None, True),
        Column("headcount", "count", "Headcount", "Kişi sayısı", "Persons, not full-time equivalents.", "Kişi; tam zaman eşdeğeri değil.", ("number", "count", "students", "öğrenci sayısı", "sayı", "toplam"), True),
        STATUS,
    ),
)  # fmt: skip
