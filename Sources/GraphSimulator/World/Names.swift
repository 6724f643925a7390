/// Names as marketers write them, in the language of the account's market.
struct Names {
    private let seasons: [String]
    private let goals: [String]
    private let audiences: [String]
    private let places: [String]
    private let motifs: [String]
    private let formats: [String]

    init(currency: String) {
        self = currency == "JPY" ? .japanese : currency == "EUR" ? .european : .american
    }

    func any(_ level: Level, _ dice: inout Randomness, serial: Int) -> String {
        level == .campaign ? campaign(&dice) : level == .adset ? adSet(&dice) : ad(&dice, serial: serial)
    }

    func campaign(_ dice: inout Randomness) -> String {
        "\(dice.pick(seasons)) | \(dice.pick(goals)) | \(2025 + dice.below(2))-Q\(1 + dice.below(4))"
    }

    func adSet(_ dice: inout Randomness) -> String {
        let age = 18 + dice.below(5) * 8
        return "\(dice.pick(audiences)) – \(dice.pick(places)) – \(age)-\(age + 10 + dice.below(20))"
    }

    /// - Parameter serial: makes most names of an account differ; copies are marked as Ads Manager marks them.
    func ad(_ dice: inout Randomness, serial: Int) -> String {
        let copy = dice.below(12) == 0 ? " – Copy" : ""
        return "\(dice.pick(motifs)) / \(dice.pick(formats)) #\(serial + 1)\(copy)"
    }

    private init(
        seasons: [String],
        goals: [String],
        audiences: [String],
        places: [String],
        motifs: [String],
        formats: [String]
    ) {
        self.seasons = seasons
        self.goals = goals
        self.audiences = audiences
        self.places = places
        self.motifs = motifs
        self.formats = formats
    }

    private static let american = Names(
        seasons: [
            "Summer Sale ☀️", "Black Friday 🛍️", "Back to School", "Spring Launch 🌱", "Always On", "Father's Day",
            "Holiday Gift Guide 🎁", "\"Get Outside\" Brand Push", "Memorial Day", "Café Collab", "رمضان كريم",
            "New Year, New Gear", "Trail Runner <b>2.0</b>",
        ],
        goals: [
            "Prospecting", "Retargeting 30d", "Catalog Sales (DPA)", "Lead Gen — Newsletter", "Video Views",
            "Traffic / Blog", "Awareness & Reach", "App Installs", "Loyalty \\ VIP",
        ],
        audiences: [
            "LAL 1% Purchasers", "Broad", "Hikers & Campers", "Website Visitors 14d", "Cart Abandoners 7d",
            "Interest: Climbing/Bouldering", "Engaged IG 90d", "Parents \"with kids\"", "Advantage+ audience",
            "قائمة العملاء", "Señores del Río",
        ],
        places: ["US", "US + CA", "California", "NYC 25mi", "Texas & Florida", "Montréal", "West Coast"],
        motifs: [
            "Tent at sunrise 🏕️", "UGC: \"I slept like a baby\"", "20% off <b>everything</b>", "Founder story",
            "Backpack 360°", "Customer review ⭐️⭐️⭐️⭐️⭐️", "Free shipping 🚚", "Kids' rain jackets", "Naïve trail test",
            "خصم ٢٠٪", "👨‍👩‍👧‍👦 Family trip", "Before/After",
        ],
        formats: ["Video 15s", "Carousel", "Static 1:1", "Story 9:16", "Reel", "Collection", "Static 4:5 \"v2\""]
    )

    private static let japanese = Names(
        seasons: ["夏の大感謝セール🎆", "春の新作🌸", "年末年始キャンペーン", "母の日ギフト", "ブランド認知", "リピーター施策", "TikTok連動💄", "「うるおい」体験"],
        goals: ["新規獲得", "リターゲティング", "カタログ販売", "リード獲得", "動画再生", "トラフィック", "アプリ推進"],
        audiences: ["類似1% 購入者", "ブロード", "美容・コスメ興味", "サイト訪問者14日", "カゴ落ち7日", "LINE友だち", "Instagramエンゲージ", "ママ層 \"30代\""],
        places: ["東京", "関東", "大阪・京都", "全国", "福岡", "札幌・仙台"],
        motifs: [
            "美容液ボトル✨", "口コミ★★★★★", "初回限定50%オフ", "成分解説", "Before/After", "開封動画📦", "𠮷田さんの声", "<b>送料無料</b>", "ﾊﾝﾄﾞｸﾘｰﾑ",
        ],
        formats: ["動画15秒", "カルーセル", "静止画", "ストーリーズ", "リール", "コレクション"]
    )

    private static let european = Names(
        seasons: [
            "Sommerschlussverkauf ☀️", "Weihnachten 🎄", "Frühjahrsputz", "Soldes d'été", "Rebajas de otoño",
            "Dauerläufer",
            "\"Schöner wohnen\"", "Neueröffnung Zürich", "מבצע חורף", "Łódź – Otwarcie", "Küchenwochen",
        ],
        goals: [
            "Neukunden", "Retargeting", "Katalog (DPA)", "Leads / Katalogbestellung", "Reichweite", "Videoaufrufe",
            "Traffic",
        ],
        audiences: [
            "LAL 1 % Käufer", "Breit", "Einrichtung & Wohnen", "Websitebesucher 14 T.", "Warenkorbabbrecher",
            "Häuslebauer",
            "Frischvermählte 💍", "Étudiants", "Newsletter \"aktiv\"",
        ],
        places: ["DE", "DACH", "München", "Île-de-France", "España", "Österreich", "NRW/Köln", "Kraków"],
        motifs: [
            "Sofa „Ströyer“", "Küche aus Eiche", "Kundenstimme ⭐️", "Lieferung frei Haus 🚚", "Möbelhaus-Rundgang",
            "-30 % auf <b>alles</b>", "Garderobe & Flur", "Größe passt!", "Lit d'appoint", "הנחה 30%",
        ],
        formats: ["Video 15 s", "Karussell", "Bild 1:1", "Story 9:16", "Reel", "Sammlung"]
    )
}
