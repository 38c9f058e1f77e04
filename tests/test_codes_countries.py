"""Countries: every spelling that real files hold becomes one code, doubtful ones are asked, and disputed ones are settings."""

import csv
import tomllib

import pycountry
import pytest
from python_calamine import CalamineWorkbook

from pipelines.codes import countries, reference
from pipelines.codes.words import doubt, matcher
from pipelines.errors import Finding

ALIASES = {
    "TUR": ["Türkiye", "Turkey", "TURKEY", "Turkiye", "Turkije", "Turquía", "TR", "tur", "T.C.", "türkiye cumhuriyeti", "تركيا"],
    "GBR": ["UK", "uk", "GB", "İngiltere", "INGILTERE", "Reino Unido", "England", "Birleşik Krallık"],
    "GRC": ["EL", "GR", "Yunanistan", "Grecia", "Hellas"],
    "USA": ["ABD", "A.B.D.", "a.b.d.", "USA", "U.S.A.", "Amerika Birleşik Devletleri"],
    "ARE": ["B.A.E.", "BAE", "UAE", "Birleşik Arap Emirlikleri", "الإمارات"],
    "NLD": ["Hollanda", "Holland", "Holanda", "The Netherlands", "Pays-Bas"],
    "MKD": ["Makedonya", "Kuzey Makedonya", "Macedonia", "The Republic of North Macedonia", "FYROM"],
    "CZE": ["Çekya", "Çek Cumhuriyeti", "Czechia", "Czech Republic", "República Checa"],
    "SYR": ["Suriye", "Suriye Arap Cumhuriyeti", "سوريا", "سورية"],
    "KOR": ["G. Kore", "Güney Kore", "Kore Cumhuriyeti", "Korea, Republic of"],
    "SAU": ["S. Arabistan", "Suudi Arabistan", "السعودية"],
    "RUS": ["Rusya Federasyonu", "Rusya Fed.", "Russian Federation"],
    "BIH": ["Bosna Hersek", "Bosna-Hersek", "Bosnia and Herzegovina"],
    "CIV": ["Fil Dişi Sahilleri", "Fildişi Sahili", "Côte d’Ivoire", "Ivory Coast"],
    "PSE": ["Filistin", "PS", "Palestine", "فلسطين"],
    "IRL": ["Irlanda (Eire)", "İrlanda"],
    "XKX": ["Kosova", "XK", "Kosovo * UN resolution", "Kosovo"],
    "XNC": ["KKTC", "K.K.T.C.", "Kuzey Kıbrıs Türk Cumhuriyeti"],
    "TLS": ["TP", "Doğu Timor", "TL"],
    "ANT": ["AN"],
    "BEN": ["Benin, Republic of"],
    "JOR": ["Ürdün", "الأردن", "الاردن"],
    "NAM": ["NA"],
    "CHE": ["Suiza", "Suïssa", "İsviçre"],
}


@pytest.mark.parametrize(("code", "words"), ALIASES.items(), ids=ALIASES)
def test_every_spelling_of_a_country_is_its_code(code, words):
    assert {word: countries.country(word).code for word in words} == dict.fromkeys(words, code)


def test_unknown_stateless_and_missing_are_three_different_answers():
    unknown = ["-", "–", "Undefined", "?? Unknown", "bilinmiyor", "unknown", "not known", "N/A", "Belirtilmemiş"]
    stateless = ["Vatansız", "VATANSIZ", "Haymatlos", "stateless", "عديم الجنسية"]
    assert {countries.country(word).code for word in unknown} == {countries.UNKNOWN}
    assert {countries.country(word).code for word in stateless} == {countries.STATELESS}
    assert [(countries.country(word).code, countries.country(word).how) for word in ("", "  ")] == [(None, "missing")] * 2


@pytest.mark.parametrize(
    ("word", "codes"),
    [("Kongo", {"COG", "COD"}), ("Congo", {"COG", "COD"}), ("Kore", {"KOR", "PRK"}), ("Korea", {"KOR", "PRK"}), ("TC", {"TUR", "TCA"})],
)
def test_a_name_of_two_countries_is_asked_and_both_are_named(word, codes):
    match = countries.country(word)
    assert (match.code, match.suggestion, set(match.candidates)) == (None, None, codes)
    code, values = doubt("country", word, match)
    assert code == "W103"
    assert all(one in Finding(code, values=values).say("what", "tr") for one in codes)


def test_the_full_names_of_the_same_countries_are_not_asked():
    words = ["Kongo Demokratik Cumhuriyeti", "Republic of the Congo", "Kuzey Kore", "South Korea", "Turks ve Caicos Adaları"]
    assert [countries.country(word).code for word in words] == ["COD", "COG", "PRK", "KOR", "TCA"]


@pytest.mark.parametrize(("word", "code"), [("Almnaya", "DEU"), ("Türkmenstan", "TKM"), ("Azerbaycann", "AZE"), ("Bulgarstan", "BGR")])
def test_a_slip_is_suggested_and_never_taken(word, code):
    match = countries.country(word)
    assert (match.code, match.suggestion) == (None, code)
    assert match.score >= 80
    assert doubt("country", word, match)[0] == "W102"


@pytest.mark.parametrize("word", ["Africa", "Avrupa", "AB", "Xyzzy", "Toplam", "Diğer", "ZQ"])
def test_what_is_no_country_gets_no_suggestion(word):
    match = countries.country(word)
    assert (match.code, match.suggestion) == (None, None)
    assert doubt("country", word, match)[0] == "W101"


def test_initials_with_points_are_not_country_codes():
    assert countries.country("NA").code == "NAM"
    assert countries.country("N.A.").code is None
    assert countries.country("T.C.").code == "TUR"


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_every_name_that_is_shown_reads_back_as_the_same_country(language):
    wrong = {name: countries.country(name).code for code, name in countries.names(language).items() if countries.country(name).code != code}
    assert wrong == {}


def test_every_iso_code_reads_as_itself():
    asked = {"TC"}
    for entry in pycountry.countries:
        assert countries.country(entry.alpha_3).code == entry.alpha_3
        assert entry.alpha_2 in asked or countries.country(entry.alpha_2.lower()).code == entry.alpha_3


def test_no_spelling_hides_the_code_of_another_country():
    index = countries.countries({}).index
    clashes = {
        word: (codes, index.names[word]) for word, codes in index.aliases.items() if word in index.names and index.names[word] != codes
    }
    assert set(clashes) == {"tc", "congo"}  # both are asked
    assert {word for word, codes in index.names.items() if len(codes) > 1} == set()


def test_an_installation_chooses_codes_and_names_of_disputed_places():
    assert countries.country("KKTC", {"northern_cyprus": "CYP"}).code == "CYP"
    assert countries.country("KKTC", {}).code == "XNC"
    assert "XNC" not in countries.names("en", {"northern_cyprus": "CYP"})
    assert countries.name("TWN", "en", {"taiwan.en": "Chinese Taipei"}) == "Chinese Taipei"
    assert countries.name("TWN", "en", {}) == "Taiwan"
    assert countries.country("Kosova", {"kosovo": "XKS"}).code == "XKS"
    assert countries.regions("m49", {"kosovo": "XKS"})["XKS"] == "europe"


def test_every_country_has_one_region_and_answers_that_are_no_country_have_none():
    regions = countries.regions("m49")
    real = set(countries.names("en")) - countries.SPECIAL
    assert real - set(regions) == {"ATA"}
    assert not countries.SPECIAL & set(regions)
    assert (regions["TUR"], countries.regions("m49_sub")["TUR"]) == ("asia", "western_asia")


@pytest.mark.parametrize(
    ("scheme", "members"),
    [
        ("eu", 27),
        ("ehea", 49),
        ("erasmus", 33),
        ("oic", 57),
        ("arab_league", 22),
        ("turkic_states", 5),
        ("neighbours_tr", 8),
        ("ldc", 44),
        ("lmic", 77),
    ],
)
def test_a_membership_scheme_has_its_members_and_names_the_others(scheme, members):
    regions = countries.regions(scheme)
    assert sum(region == scheme for region in regions.values()) == members
    assert set(regions.values()) == {scheme, "outside"} == set(countries.region_names(scheme, "tr"))


def test_a_scheme_of_two_versions_is_told_by_its_version():
    before, now = (countries.regions(name) for name in ("eu:2013-07", "eu:2020-02"))
    assert {code for code in before if before[code] != now[code]} == {"GBR"}
    assert (before["GBR"], now["GBR"], countries.regions("eu")) == ("eu", "outside", now)
    assert [key for key in countries.schemes() if key.startswith("eu:")] == ["eu:2020-02", "eu:2013-07"]
    assert sum(region == "erasmus" for region in countries.regions("erasmus:2014-2020").values()) == 34


def test_a_scheme_that_nobody_defined_is_refused():
    with pytest.raises(KeyError):
        countries.regions("eu:1973")


def test_every_scheme_says_version_and_source():
    rows = {(row["scheme"], row["version"]) for row in reference.table("regions")}
    assert rows == {(scheme.id, scheme.version) for scheme in countries.schemes().values()}
    assert all(scheme.source and scheme.title["tr"] for scheme in countries.schemes().values())


def test_every_reference_table_begins_with_its_source():
    for path in reference.REFERENCE.glob("*.csv"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# ") and "20" in first, path.name
    assert tomllib.loads((reference.REFERENCE / "country_settings.toml").read_text(encoding="utf-8"))["kosovo"]["code"] == "XKX"


def test_all_countries_of_the_spanish_agreement_files_are_known(real):
    words = set()
    for path in sorted((real / "zaragoza").glob("erasmus__*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            words |= {row["PAIS_UNIVERSIDAD_ACUERDO"] for row in csv.DictReader(file, delimiter=";")}
    codes = {word: countries.country(word).code for word in words}
    assert len(words) == 33 and None not in codes.values()
    assert (codes["Irlanda (Eire)"], codes["Holanda"], codes["Macedonia"]) == ("IRL", "NLD", "MKD")


def test_all_countries_of_the_commission_files_are_known(real):
    words = set()
    for path in (real / "erasmus-eu").glob("*.csv"):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";" if path.name.startswith(("country_flows", "trips")) else ","))
        held = [name for name in rows[0] if ("ountry" in name and name[8:] not in ("continent", "unregion")) or name == "Nationality"]
        words |= {row[name].strip() for row in rows for name in held}
    unresolved = {word for word in words if countries.country(word).how == "none"}
    assert len(words) > 170 and unresolved == set()


def test_all_countries_of_the_nine_charter_lists_are_known(real):
    lists = sorted((real / "charter-holders").glob("*.xlsx"))
    words = set()
    for path in lists:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        top = next(at for at, row in enumerate(rows) if any("code" in str(cell).lower() for cell in row))
        column = next(at for at, cell in enumerate(rows[top]) if "country" in str(cell).lower())
        words |= {str(row[column]) for row in rows[top + 1 :]} - {""}
    assert len(lists) == 9 and {"Turkije", "EL", "XK", "Curaçao", "CW"} <= words
    assert {word for word in words if not countries.country(word).code} == set()


def test_the_regions_agree_with_an_independent_table(real):
    with (real / "reference" / "country-codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Sub-region Name"]]
    ours = countries.regions("m49_sub")
    theirs = {row["ISO3166-1-Alpha-3"]: row["Intermediate Region Name"] or row["Sub-region Name"] for row in rows}
    squeeze = {code: name.lower().replace("-", "").replace(" and ", " ").replace(" ", "_") for code, name in theirs.items()}
    assert len(rows) > 240 and {code: region for code, region in squeeze.items() if ours[code] != region} == {}


def test_the_matcher_of_countries_is_the_register():
    assert matcher("country")("Hollanda").code == "NLD"
