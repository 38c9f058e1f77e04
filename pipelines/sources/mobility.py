"""People who went or came, alone or counted together. Participations, not persons: the same student may go twice."""

from pipelines.sources import INSTITUTION, STATUS, YEAR, Column, Source

SOURCE = Source(
    name="mobility",
    en="Mobility", tr="Hareketlilik",
    row_en="People who went or came: one person, or several counted together.",
    row_tr="Giden ya da gelen kişiler: tek kişi ya da birlikte sayılmış birden çok kişi.",
    steward_en="International Office", steward_tr="Uluslararası Ofis",
    year="academic_year",
    derived=(("domestic", "flag"),),
    columns=(
        INSTITUTION,
        YEAR,
        Column("direction", "word", "Direction", "Yön", "Out: from us; in: to us.", "Giden: bizden; gelen: bize.", ("in/out", "giden/gelen", "giden gelen", "in out"), True, "direction", True),
        Column("role", "word", "Role", "Katılımcı türü", "Student, academic staff or administrative staff.", "Öğrenci, akademik personel ya da idari personel.", ("participant", "katılımcı", "kişi türü", "participant profile"), True, "role", True),
        Column("activity", "word", "Activity", "Faaliyet", "", "", ("activity type", "faaliyet türü", "hareketlilik türü", "mobility type", "type"), False, "activity", True),
        Column("programme", "word", "Programme", "Program", "Erasmus+, Mevlana, Farabi …", "Erasmus+, Mevlana, Farabi …", ("program", "exchange programme", "değişim programı", "programı"), False, "programme", True),
        Column("country", "country", "Country", "Ülke", "The other country: where to, or where from.", "Karşı ülke: gidilen ya da gelinen.", ("partner country", "host country", "ülkesi", "gidilen ülke", "gelinen ülke"), False, None, True),
        Column("partner", "text", "Partner institution", "Karşı kurum", "The other institution.", "Karşı yükseköğretim kurumu.", ("partner", "partner university", "host institution", "karşı üniversite", "ortak üniversite", "anlaşmalı üniversite"), False, None, True),
        Column("unit", "text", "Unit", "Birim", "Faculty, institute or department.", "Fakülte, enstitü ya da bölüm.", ("faculty", "department", "fakülte", "bölüm", "birimi", "fakülte/bölüm"), False, None, True),
        Column("level", "word", "Level", "Düzey", "Level of study (EQF 5–8).", "Öğrenim düzeyi (TYÇ 5–8).", ("level of study", "education level", "öğrenim düzeyi", "derece", "öğrenim seviyesi"), False, "level", True),
        Column("field", "word", "Field of education", "Eğitim alanı", "ISCED-F 2013 code.", "ISCED-F 2013 kodu.", ("isced", "isced-f", "isced code", "isced kodu", "alan", "subject area"), False, "field", True),
        Column("gender", "word", "Gender", "Cinsiyet", "", "", ("sex", "cinsiyeti"), False, "gender", True),
        Column("mode", "word", "Mode", "Biçim", "Physical, blended or virtual.", "Fiziksel, karma ya da çevrim içi.", ("physical/virtual", "fiziksel/sanal", "hareketlilik biçimi"), False, "mode", True),
        Column("fewer_opportunities", "flag", "Fewer opportunities", "Dezavantajlı", "Yes or no.", "Evet ya da hayır.", ("with fewer opportunities", "imkânı kısıtlı"), False, None, True),
        Column("special_needs", "flag", "Special needs", "Özel gereksinim", "Yes or no.", "Evet ya da hayır.", ("special need", "engelli"), False, None, True),
        Column("days", "number", "Days per person", "Kişi başına gün", "Length of one stay in days; the mean where people are counted together.", "Bir kalışın gün sayısı; birlikte sayılanlarda ortalama.", ("duration", "duration in days", "gün", "süre", "süre (gün)", "mobility duration"), False, None, True),
        Column("places", "count", "Places offered", "Kontenjan", "", "", ("places", "quota", "kontenjan sayısı"), False),
        Column("participants", "count", "Participants", "Katılımcı sayısı", "How many people. Empty: not known, which is not zero.", "Kaç kişi. Boş: bilinmiyor; sıfır değildir.", ("number", "count", "sayı", "kişi sayısı", "öğrenci sayısı", "number of participants", "students"), False),
        Column("detail", "text", "Detail", "Ayrıntı", "Anything else that tells rows apart.", "Satırları ayıran başka bilgi.", ("note", "not", "açıklama"), False, None, True),
        STATUS,
    ),
)  # fmt: skip
