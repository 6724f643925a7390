import Foundation
import Postgres
import TestSupport
import Testing

/// scripts/orm/schema.prisma, compared with the migrated database.
@Suite struct ModelFileTests {
    private struct Column: Equatable {
        let type: String
        let isNullable: Bool
        let isUnique: Bool
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Prisma's types and the PostgreSQL types that match them.
    private static let types = [
        "String @db.Uuid": "uuid", "String": "text", "DateTime @db.Timestamptz(6)": "timestamp with time zone",
        "DateTime @db.Date": "date", "Decimal @db.Decimal": "numeric", "BigInt": "bigint",
        "Json": "jsonb",
    ]

    /// The columns in the file, by table and name.
    private func models() throws -> [String: [String: Column]] {
        let file = Self.root.appending(path: "scripts/orm/schema.prisma")
        let text = try String(contentsOf: file, encoding: .utf8)
        var models: [String: [String: Column]] = [:]
        for model in text.matches(of: #/model \w+ \{\n(?<lines>[^}]*)\}/#) {
            let lines = String(model.output.lines)
            let table = try #require(lines.firstMatch(of: #/@@map\("(\w+)"\)/#)).output.1
            for line in lines.matches(of: #/(?m)^  (?<name>\w+) +(?<type>\w+)(?<optional>\??)(?<rest>.*)$/#) {
                let rest = String(line.output.rest)
                let mapped = rest.firstMatch(of: #/ @map\("(\w+)"\)/#).map { String($0.output.1) }
                let name = mapped ?? String(line.output.name)
                // The model's own name for a column is in camel case.
                #expect(Self.camelCase(name) == line.output.name, "\(table).\(name)")
                let native = rest.firstMatch(of: #/@db\.[^ ]+/#).map { " \($0.output)" } ?? ""
                models[String(table), default: [:]][name] = Column(
                    type: try #require(Self.types["\(line.output.type)\(native)"], "\(line.output.0)"),
                    isNullable: !line.output.optional.isEmpty,
                    isUnique: rest.contains(" @id") || rest.contains(" @unique")
                )
            }
        }
        return models
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
    }

    @Test("the models have the four tables' columns with their types, and nullable columns are optional")
    func columns() throws {
        let database = try TemporaryDatabase()
        let models = try models()
        #expect(models.keys.sorted() == ["ad_accounts", "ad_groups", "campaigns", "creatives"])
        for (table, columns) in models {
            var found: [String: Column] = [:]
            _ = try database.connect().rows(
                """
                SELECT c.column_name, c.data_type, c.is_nullable = 'YES', EXISTS (
                    SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = to_regclass(c.table_name) AND i.indisunique AND i.indnkeyatts = 1
                      AND a.attname = c.column_name)
                FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = \(table)
                """
            ) {
                found[try $0.text(0)] = Column(
                    type: try $0.text(1),
                    isNullable: try $0.boolean(2),
                    isUnique: try $0.boolean(3)
                )
            }
            for (name, column) in columns { #expect(found[name] == column, "\(table).\(name)") }
            #expect(columns["id"] == Column(type: "uuid", isNullable: false, isUnique: true))
            // These occur in dashboards' own schemas of the tables.
            let wanted = found.keys.filter {
                $0 == "name" || $0 == "status" || $0.hasPrefix("facebook_") && $0.hasSuffix("_id")
            }
            #expect(
                wanted.allSatisfy { columns[$0] != nil || $0 == "facebook_token_key_id" || $0 == "facebook_app_id" }
            )
        }
    }

    @Test("README's example is a part of the file")
    func example() throws {
        let readme = try String(contentsOf: Self.root.appending(path: "scripts/README.md"), encoding: .utf8)
        let example = try #require(readme.firstMatch(of: #/```prisma\n([^`]*)```/#)).output.1
        let file = try String(contentsOf: Self.root.appending(path: "scripts/orm/schema.prisma"), encoding: .utf8)
        let known = Set(file.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") })
        for line in example.split(separator: "\n") {
            #expect(known.contains(line.split(separator: " ").joined(separator: " ")), "\(line)")
        }
    }
}
