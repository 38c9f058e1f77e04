"""What is aimed for, in numbers: baseline, target, weight, responsible unit."""

from pipelines.sources import INSTITUTION, STATUS, Column, Source

SOURCE = Source(
    name="goals",
    en="Goals", tr="Hedefler",
    row_en="One goal: an indicator, its baseline and the target of one year.",
    row_tr="Bir hedef: bir gösterge, başlangıç değeri ve bir yılın hedefi.",
    steward_en="Strategy Office", steward_tr="Strateji Geliştirme",
    year=None,
    due="12-31",
    columns=(
        INSTITUTION,
        Column("policy", "text", "Policy", "Politika", "The policy's short name.", "Politikanın kısa adı.", ("policy document", "politika belgesi"), True, None, True),
        Column("element", "text", "Policy element", "Politika ögesi", "", "", ("element", "amaç"), False),
        Column("indicator", "word", "Indicator", "Gösterge", "Code or name of the indicator.", "Göstergenin kodu ya da adı.", ("indicator code", "gösterge kodu"), True, "indicator", True),
        Column("unit", "text", "Unit", "Birim", "", "", ("faculty", "fakülte"), False, None, True),
        Column("baseline_year", "year", "Baseline year", "Başlangıç yılı", "", "", ("base year", "baz yıl"), True),
        Column("baseline", "number", "Baseline", "Başlangıç değeri", "", "", ("base", "baz değer", "plan dönemi başlangıç değeri"), True),
        Column("target_year", "year", "Target year", "Hedef yılı", "", "", ("year", "yıl"), True, None, True),
        Column("target", "number", "Target", "Hedef", "For a band: its lower edge.", "Aralık için: alt sınır.", ("target value", "hedef değer"), True),
        Column("target_upper", "number", "Upper edge", "Üst sınır", "Only for a band.", "Yalnızca aralık için.", ("upper", "üst"), False),
        Column("weight", "number", "Weight", "Ağırlık", "Per cent of the goal (hedefe etkisi).", "Hedefe etkisi (%).", ("hedefe etkisi", "hedefe etkisi (%)"), False),
        Column("responsible", "text", "Responsible", "Sorumlu", "", "", ("responsible unit", "sorumlu birim", "owner"), False),
        Column("decided_in", "text", "Decided in", "Karar", "", "", ("decision", "senate decision", "senato kararı"), False),
        Column("effective_year", "year", "Valid from year", "Geçerlilik başlangıcı", "A changed target is a further row, valid from that year; the old row stays. Empty: from the beginning.",
            "Değişen hedef, o yıldan geçerli ek bir satırdır; eski satır kalır. Boş: baştan beri.", ("valid from", "effective year", "geçerlilik yılı", "geçerli olduğu yıl"), False, None, True),
        Column("path", "word", "Way to the target", "Hedefe giden yol", "Linear: a part of the way every year. Stepped: nothing until the target's year. Empty: linear.",
            "Doğrusal: her yıl yolun bir parçası. Basamaklı: hedef yılına kadar bir şey beklenmez. Boş: doğrusal.", ("path", "path to the target", "hedef yolu", "yol"), False, "goal_path"),
        STATUS,
    ),
)  # fmt: skip
