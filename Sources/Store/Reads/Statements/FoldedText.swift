/// Text without regard to capitals, whatever the database's own locale is: many are made with C, which knows ASCII alone.
enum FoldedText {
    static func sql(_ text: String) -> String { "lower(\(text) COLLATE \"und-x-icu\")" }
}
