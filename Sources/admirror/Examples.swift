/// The end of a command's help: calls, and what each is for.
func examples(_ lines: KeyValuePairs<String, String>) -> String {
    "\n\nExamples:\n\n" + lines.map { "  \($0.key)\n      \($0.value)" }.joined(separator: "\n")
}
