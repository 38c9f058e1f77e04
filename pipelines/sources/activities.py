"""What happened: events, visits, memberships, projects, programmes, accreditations, services for international people."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="activities",
    en="Activities", tr="Etkinlikler",
    row_en="One event, visit, membership, project, programme, accreditation or service.",
    row_tr="Bir etkinlik, ziyaret, üyelik, proje, program, akreditasyon ya da hizmet.",
    steward_en="International Office", steward_tr="Uluslararası Ofis",
    year=None,
    due="10-15",
    columns=(
        INSTITUTION,
        Column("date", "date", "Date", "Tarih", "The day it began.", "Başladığı gün.", ("start", "begins", "başlangıç", "tarihi"), True, None, True),
        Column("ends", "date", "Ends", "Bitiş", "Empty: one day, or still running.", "Boş: tek gün ya da sürüyor.", ("end date", "bitiş tarihi"), False),
        Column("kind", "word", "Kind", "Tür", "", "", ("type", "türü", "etkinlik türü"), True, "activity_kind", True),
        Column("title", "text", "Title", "Başlık", "", "", ("name", "ad", "adı", "etkinlik adı"), True, None, True),
        Column("partner", "text", "Partner", "Ortak", "", "", ("partner institution", "karşı kurum"), False),
        Column("country", "country", "Country", "Ülke", "", "", ("ülke",), False),
        Column("programme", "word", "Programme", "Program", "Of a project: what it is funded by (Horizon Europe, Erasmus+ KA2, COST …).", "Projede: hangi programdan desteklendiği (Ufuk Avrupa, Erasmus+ KA2, COST …).", ("funding programme", "program", "fund", "destek programı", "fon"), False, "programme"),
        Column("amount", "number", "Amount", "Tutar", "", "", ("budget", "bütçe", "value"), False),
        Column("currency", "text", "Currency", "Para birimi", "ISO 4217.", "ISO 4217.", ("para",), False),
        Column("element", "text", "Policy element", "Politika ögesi", "The element of the policy that it serves.", "Hizmet ettiği politika ögesi.", ("policy", "politika maddesi"), False),
        Column("link", "text", "Link", "Bağlantı", "", "", ("url", "web"), False),
        STATUS,
    ),
)  # fmt: skip
