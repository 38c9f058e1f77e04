"""Agreements with other institutions: a register, handed in whole each time."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="agreements",
    en="Agreements", tr="Anlaşmalar",
    row_en="One agreement.", row_tr="Bir anlaşma.",
    steward_en="International Office", steward_tr="Uluslararası Ofis",
    year=None,
    due="10-15",
    derived=(("domestic", "flag"),),
    columns=(
        INSTITUTION,
        Column("agreement", "text", "Agreement number", "Anlaşma no", "Your own number of the agreement.", "Anlaşmanın kendi numaranız.", ("agreement", "agreement id", "anlaşma numarası", "protokol no", "iia code"), True, None, True),
        Column("partner", "text", "Partner institution", "Karşı kurum", "", "", ("partner", "partner university", "karşı üniversite", "üniversite adı", "anlaşmalı üniversite"), True),
        Column("country", "country", "Country", "Ülke", "", "", ("partner country", "ülkesi"), True),
        Column("kind", "word", "Kind", "Tür", "", "", ("type", "agreement type", "anlaşma türü", "protokol türü"), False, "agreement_kind"),
        Column("programme", "word", "Programme", "Program", "", "", ("program", "programı"), False, "programme"),
        Column("unit", "text", "Unit", "Birim", "", "", ("faculty", "department", "fakülte", "bölüm"), False),
        Column("signed", "date", "Signed on", "İmza tarihi", "", "", ("signed", "signature date", "imza"), False),
        Column("starts", "date", "Starts", "Başlangıç", "", "", ("start", "start date", "valid from", "başlangıç tarihi"), True),
        Column("ends", "date", "Ends", "Bitiş", "Empty: open-ended.", "Boş: süresiz.", ("end", "end date", "valid until", "bitiş tarihi", "geçerlilik"), False),
        Column("stage", "word", "Stage", "Aşama", "Draft, signed, terminated, renewed.", "Taslak, imzalı, feshedilmiş, yenilenmiş.", ("agreement status", "anlaşma durumu", "status of agreement"), False, "agreement_stage"),
        Column("quota_out", "count", "Places out per year", "Yıllık giden kontenjanı", "", "", ("quota out", "giden kontenjanı", "outgoing quota"), False),
        Column("quota_in", "count", "Places in per year", "Yıllık gelen kontenjanı", "", "", ("quota in", "gelen kontenjanı", "incoming quota"), False),
        Column("months", "number", "Months per place", "Kişi başına ay", "", "", ("months", "ay", "süre (ay)"), False),
        Column("months_out", "number", "Months out per year", "Yıllık giden ayı", "All months of the year together; empty: places times months per place.", "Yılın bütün ayları birlikte; boş: kontenjan çarpı kişi başına ay.", ("total months per year out", "toplam giden ay"), False),
        Column("months_in", "number", "Months in per year", "Yıllık gelen ayı", "All months of the year together; empty: places times months per place.", "Yılın bütün ayları birlikte; boş: kontenjan çarpı kişi başına ay.", ("total months per year in", "toplam gelen ay"), False),
        Column("blended", "flag", "Blended mobility", "Karma hareketlilik", "Whether the agreement allows blended stays.", "Anlaşma karma hareketliliğe izin veriyor mu.", ("blended", "blended mobility option", "karma"), False),
        Column("ewp_approved", "date", "Approved in EWP on", "EWP'de onay tarihi", "The day from which both partners had approved it in Erasmus Without Paper.", "İki tarafın da Kâğıtsız Erasmus'ta onayladığı gün.", ("ewp approval", "iia approved on", "ewp onayı"), False),
        Column("renews", "text", "Renews agreement", "Yenilenen anlaşma", "Number of the agreement that this one continues.", "Bu anlaşmanın sürdürdüğü anlaşmanın numarası.", ("successor of", "önceki anlaşma"), False),
        STATUS,
    ),
)  # fmt: skip
