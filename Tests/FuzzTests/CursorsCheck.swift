import HTTPMessages
import Model
import Store

@testable import Endpoints

/// The number of valid cursors in the corpus.
let cursorSigner = CursorSigner(key: Array("the key of the corpus".utf8), context: "ads 1 sort=name")

func checkCursors(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    if let position = cursorSigner.position(text) {
        try hold(isSame(cursorSigner.cursor(position), text), "a cursor that we did not write was taken: \(text)")
    }
    for other in [
        CursorSigner(key: Array("another key".utf8), context: cursorSigner.context),
        CursorSigner(key: cursorSigner.key, context: "ads 2 sort=name"),
    ] {
        try hold(other.position(text) == nil, "a cursor of another key or question was taken: \(text)")
    }
    // A longer cursor fits into no address.
    if input.count < 4000 {
        for position in [Position(value: text, id: "42"), Position(value: nil, id: "42")] {
            let read = cursorSigner.position(cursorSigner.cursor(position))
            try hold(
                isSame(read?.value, position.value) && isSame(read?.id, position.id),
                "\(position) came back as \(String(describing: read))"
            )
        }
    }
    try checkBound(text)
}

private func checkBound(_ text: String) throws {
    guard let read = try bound(text) else { return }
    switch read {
    case .day(let day):
        try hold(try bound(day.description) == read, "\(text) was read as \(day)")
        try hold(isSame(day.description, text), "\(text) was read as \(day)")
        try hold(day >= Day(daysSince1970: 0), "\(text) is before 1970")
    case .moment(let moment):
        try hold(try bound(moment.description) == read, "\(text) was read as \(moment)")
        try hold(moment.seconds >= 0, "\(text) is before 1970")
    }
}

/// `nil` for a refused cursor.
private func bound(_ text: String) throws -> DayBound? {
    let query = QueryParameters([.init(name: "from", value: text)]).encoded
    do {
        return try Parameters(HTTPRequest(path: "/", query: query), of: .reading(.ads)).dayBound("from")
    } catch let error as RequestError {
        try checkRefusal(error, [400])
        return nil
    }
}
