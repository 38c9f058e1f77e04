"""Vocabularies: words as people type them become codes; a shared word is asked; a slip is only ever suggested."""

import pytest

from pipelines.codes import levels, measures, programmes, reference
from pipelines.codes.words import Index, doubt, fold, matcher, names, plain, title, vocabularies
from pipelines.errors import ROOT, Finding, faults

TYPED = [
    ("direction", "Giden", "out"), ("direction", "GELEN ÖĞRENCİ", "in"), ("direction", "OUT", "out"), ("direction", "incoming", "in"),
    ("role", "Öğrenci", "student"), ("role", "Learner", "student"), ("role", "Akademik Personel", "academic_staff"),
    ("role", "İdari Personel", "administrative_staff"), ("role", "IDARI PERSONEL", "administrative_staff"), ("role", "Staff", "staff"),
    ("activity", "Öğrenim", "study"), ("activity", "Staj", "traineeship"), ("activity", "Ders verme", "teaching"),
    ("activity", "Eğitim Alma", "training"), ("activity", "Yaz okulu", "summer_school"), ("activity", "STA", "teaching"),
    ("activity", "Student mobility for studies between Programme Countries", "study"),
    ("activity", "Student mobility for Studies To/From Partner Countries", "study"),
    ("activity", "Student mobility for traineeships between Programme Countries", "traineeship"),
    ("activity", "Staff mobility for Teaching To/From Partner Countries", "teaching"),
    ("activity", "Erasmus+ Öğrenim Hareketliliği", "study"),
    ("programme", "Erasmus+ Öğrenim Hareketliliği", "erasmus"), ("programme", "Mevlana", "mevlana"), ("programme", "FARABİ", "farabi"),
    ("programme", "SICUE", "sicue"), ("programme", "KA107", "erasmus_ka171"), ("programme", "İkili Anlaşma", "bilateral"),
    ("programme", "Erasmus Mundus", "erasmus_mundus"),
    ("level", "Önlisans", "short_cycle"), ("level", "Lisans", "bachelor"), ("level", "Tezsiz Yüksek Lisans", "master"),
    ("level", "Yüksek Lisans (Tezli)", "master"), ("level", "Sanatta Yeterlik", "doctorate"), ("level", "Bütünleşik Doktora", "doctorate"),
    ("level", "Grado", "bachelor"), ("level", "Máster", "master"), ("level", "Doctorado", "doctorate"), ("level", "ISCED-6", "bachelor"),
    ("level", "First cycle", "bachelor"), ("level", "Master’s or equivalent level (EQF-7)", "master"), ("level", "S", "short_cycle"),
    ("level", "U", "bachelor"), ("level", "L", "bachelor"), ("level", "M", "master"), ("level", "D", "doctorate"),
    ("gender", "E", "male"), ("gender", "K", "female"), ("gender", "KADIN", "female"), ("gender", "Undefined", "undisclosed"),
    ("flag", "Evet", "yes"), ("flag", "HAYIR", "no"), ("flag", "Sí", "yes"),
    ("mode", "çevrimiçi", "virtual"), ("status", "geçici", "provisional"), ("group", "öğretim üyesi", "faculty_members"),
    ("agreement_kind", "MoU", "mou"), ("agreement_stage", "yürürlükte", "active"), ("activity_kind", "Fuar", "fair"),
    ("precision", "yaklaşık", "about"), ("precision", "≈", "about"), ("precision", ">", "more_than"), ("precision", "none", "none"),
    ("measure", "kayıtlı öğrenci", "students"), ("measure", "Öğretim üyesi sayısı", "faculty_members"),
]  # fmt: skip


@pytest.mark.parametrize(("vocabulary", "word", "code"), TYPED, ids=[f"{kind}: {word}" for kind, word, _ in TYPED])
def test_words_as_people_type_them_are_known(vocabulary, word, code):
    if vocabulary == "measure":
        pytest.importorskip("pipelines.catalogue")
    assert matcher(vocabulary)(word).code == code


@pytest.mark.parametrize("vocabulary", [name for name in vocabularies() if name not in ("field", "measure", "indicator", "institution")])
def test_every_label_that_is_shown_reads_back_as_its_code(vocabulary):
    shown = [(code, name) for language in ("en", "tr") for code, name in names(vocabulary, language).items()]
    assert [(name, matcher(vocabulary)(name).code) for code, name in shown if matcher(vocabulary)(name).code != code] == []


def test_only_the_words_we_mean_to_ask_are_ambiguous():
    shared = set()
    for vocabulary in vocabularies():
        if vocabulary in ("country", "field", "measure", "indicator", "institution"):
            continue
        for entry in programmes.names() if vocabulary == "programme" else names(vocabulary):
            words = (
                next((r["also"].split("|") for r in reference.table("programmes") if r["code"] == entry), [])
                if vocabulary == "programme"
                else vocabularies()[vocabulary][entry].get("also", [])
            )
            shared |= {word for word in words if matcher(vocabulary)(word).candidates}
    assert shared == {"lisansüstü", "postgraduate", "graduate", "Licenciatura", "Licenciatura o equivalente"}


def test_a_language_that_a_vocabulary_lacks_falls_back_to_english_and_countries_speak_arabic():
    assert names("direction", "ar")["out"] == "Outgoing" == names("direction", "en")["out"] != names("direction", "tr")["out"]
    assert names("programme", "ar")["farabi"] == names("programme", "en")["farabi"]
    assert names("country", "ar")["JOR"] == "الأردن"


@pytest.mark.parametrize("word", ["", " ", "-", "–", "?? Unknown", "bilinmiyor", "n/a"])
def test_a_word_that_says_nothing_is_missing_and_no_fault(word):
    assert (matcher("level")(word).code, matcher("level")(word).how) == (None, "missing")


def test_a_slip_is_suggested_with_its_label_and_never_taken():
    match = matcher("role")("Akademik persnel")
    assert (match.code, match.suggestion) == (None, "academic_staff")
    code, values = doubt("role", "Akademik persnel", match)
    assert code == "W112"
    assert "Akademik personel" in Finding(code, values=values).say("what", "tr")


def test_a_word_that_nothing_resembles_lists_the_words_that_exist():
    code, values = doubt("direction", "yukarı", matcher("direction")("yukarı"))
    assert code == "W111"
    assert "Outgoing, Incoming" in Finding(code, values=values).say("cause", "en")


def test_an_ambiguous_word_names_its_meanings():
    match = matcher("level")("Lisansüstü")
    assert (match.code, match.candidates) == (None, ("doctorate", "master"))
    assert doubt("level", "Lisansüstü", match)[0] == "W113"


@pytest.mark.parametrize(
    ("one", "other"),
    [("İSTANBUL", "istanbul"), ("IĞDIR", "ığdır"), ("Iğdır", "igdir"), ("Ｔｕｒｋｅｙ", "turkey"), ("Łódź", "lodz"), ("Straße", "STRASSE"),
     ("Århus", "arhus"), ("Ærø", "aero"), ("A.B.D.", "abd"), ("٢٠٢٤", "2024"), ("الأردن", "الاردن"), ("جامعة", "جامعه"),
     ("a\u00a0b", "AB")],
)  # fmt: skip
def test_folding_forgets_case_accents_and_signs_the_turkish_way(one, other):
    assert fold(one) == fold(other) != ""


def test_folding_keeps_different_words_apart():
    words = ["Niger", "Nigeria", "Austria", "Australia", "Slovakya", "Slovenya", "Giden", "Gelen", "İran", "Irak", "ABD"]
    assert len(set(map(fold, words))) == len(words)
    assert plain("T.C.") != plain("TC") and plain("  İl  ÇE ") == "il çe"


def test_a_likeness_counts_only_well_ahead_of_the_next():
    close = Index()
    close.name("abcdefghij", "one")
    close.name("abcdefghix", "two")
    assert close.match("abcdefghiy").suggestion is None
    close.names.pop("abcdefghix")
    assert close.match("abcdefghiy").suggestion == "one"


def test_domestic_programmes_are_farabi_and_sicue():
    assert programmes.domestic() == {"farabi", "sicue"}
    assert "foreign_students_office" not in programmes.exchange() and "mevlana" in programmes.exchange()
    assert programmes.erasmus() == {"erasmus", "erasmus_ka131", "erasmus_ka171", "erasmus_ka2"}


def test_levels_follow_the_qualifications_framework():
    assert [levels.eqf(level) for level in names("level")] == [5, 6, 7, 8]


def test_a_measure_may_be_an_indicator_by_code_id_or_title():
    catalogue = pytest.importorskip("pipelines.catalogue")
    for code, entry in catalogue.indicators().items():
        for word in (code, code.lower(), entry.id, entry.title["en"], entry.title["tr"]):
            assert matcher("indicator")(word).code == code, word
            assert matcher("measure")(word).code in {code, *measures.units()}, word
        assert matcher("measure")(code).code == code


def test_every_source_word_column_has_a_vocabulary():
    from pipelines.sources import sources

    for source in sources().values():
        for column in source.columns:
            assert column.kind != "word" or title(column.vocabulary, "tr")


def test_every_fault_of_codes_speaks_both_languages():
    own = {code: entry for code, entry in faults().items() if code.startswith("W")}
    assert len(own) >= 25
    for entry in own.values():
        assert all(entry[part][language].strip() for part in ("what", "cause", "remedy") for language in ("en", "tr"))
    assert (ROOT / "expectations" / "faults" / "codes.toml").exists()
