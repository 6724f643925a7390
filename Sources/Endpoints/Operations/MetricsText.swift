/// Metrics as Prometheus reads them: text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A value with its labels.
    struct Sample {
        let value: Double
        let labels: [(name: String, value: String)]

        init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
            self.value = value
            self.labels = labels.map { ($0.key, $0.value) }
        }

        init(_ value: Int, _ labels: KeyValuePairs<String, String>) {
            self.init(Double(value), labels)
        }
    }

    private(set) var text = ""

    /// A metric with one value; `nil` for one that is not known, which then is not there.
    mutating func write(_ metric: ServiceMetric, _ value: Double?) {
        guard let value else { return }
        write(metric, [Sample(value)])
    }

    mutating func write(_ metric: ServiceMetric, _ samples: [Sample]) {
        begin(metric)
        for sample in samples { line(metric.name, sample) }
    }

    /// A summary.
    mutating func write(_ metric: ServiceMetric, sums: [Sample], counts: [Sample]) {
        begin(metric)
        for sample in sums { line("\(metric.name)_sum", sample) }
        for sample in counts { line("\(metric.name)_count", sample) }
    }

    private mutating func begin(_ metric: ServiceMetric) {
        text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ sample: Sample) {
        let pairs = sample.labels.map { #"\#($0.name)="\#(Self.escaped($0.value))""# }.joined(separator: ",")
        text += name + (pairs.isEmpty ? "" : "{\(pairs)}") + " \(Self.text(of: sample.value))\n"
    }

    private static func text(of value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// Byte by byte: a combining accent makes another character of the quote before it.
    private static func escaped(_ value: String) -> String {
        let bytes = value.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): Array("\\n".utf8)
            default: [byte]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
