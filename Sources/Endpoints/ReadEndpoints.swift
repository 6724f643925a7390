internal import HTTPMessages
internal import Model
internal import Store

// The read routes, whose answers caches keep, and the question that nginx asks before it answers one of them from its
// cache.

extension Endpoints {
    /// GET /api/campaigns, /api/ad-sets, /api/ads, /api/insights, /api/changes
    func read(_ kind: AnswerKind, _ request: HTTPRequest) throws -> HTTPReply {
        let read = try granted(kind, request) ?? admitted(kind, request)
        // What the client has is what there is: decided before a row is read.
        if read.key.matches(request) {
            return HTTPReply(HTTPResponse(status: 304, headers: CachePolicy.shared(read.key, read.asked.format)))
        }
        return try answer(read, request)
    }

    /// Seconds for which an authorization may stand while no responder answers in time.
    static let authorizationGrace = 20

    /// Tells nginx whether the sender of a request may see the account, and under which key the answer is in its
    /// cache. The key holds the account's own id, the data version and the question in one spelling, so that every way to ask
    /// leads to one entry, and a committed sync makes all older ones unreachable. nginx hands the key back when it has to
    /// pass the request on: see `granted`.
    ///
    /// A request that gets no data, whatever the reason, gets no key: nginx then neither looks into its cache nor
    /// stores anything, and the responder says what is wrong.
    func authorize(_ kind: AnswerKind, _ request: HTTPRequest) throws -> HTTPResponse {
        // For what is left of this second: long enough to spare the responder, short enough that nobody notices a revoked
        // token. (nginx counts whole seconds, and would keep "max-age=1" for up to two.)
        // While responders only keep nginx waiting it may stand a little longer: see nginx/snippets/authorize.conf. (!) That
        // header comes first, for nginx reads no Cache-Control after an X-Accel-Expires.
        let headers: HTTPHeaders = [
            "Cache-Control": "stale-if-error=\(Self.authorizationGrace)",
            "X-Accel-Expires": "@\(Int(environment.now()))",
        ]
        var response = HTTPResponse(status: 204, headers: headers)
        do {
            response.headers["X-Cache-Key"] = try admitted(kind, request).key.text
        } catch is RequestError {
            // Kept as long, so that a refusal takes the place of an older permission, which nginx would else
            // bring back while the database is away.
        }
        keepOutOfFullCache(&response, bytes: 4096, request)
        return response
    }
}

/// A question that somebody may ask.
private struct AdmittedRead {
    let asked: AskedQuestion
    let question: any Question
    let key: CacheKey
}

extension Endpoints {
    /// What nginx's authorization request, a moment ago, has found out about this very request: then nothing of it has to be
    /// looked up again. `nil` when there was none, or it is about another question.
    private func granted(_ kind: AnswerKind, _ request: HTTPRequest) throws -> AdmittedRead? {
        guard let grant = request.grant, let key = CacheKey(grant) else { return nil }
        let asked = try AskedQuestion(kind, request)
        guard key.isFor(kind, question: asked.canonical) else { return nil }
        let question = try asked.question(key.days, of: key.account, key: cursorKey)
        return AdmittedRead(asked: asked, question: question, key: key)
    }

    /// Finds out who asks, and whether they may; starts a sync when the data is stale.
    private func admitted(_ kind: AnswerKind, _ request: HTTPRequest) throws -> AdmittedRead {
        // Authenticate first: what is wrong with a request is nobody's business who may not send it.
        guard Credential(request) != nil else { throw RequestError.authenticationRequired }
        let asked: AskedQuestion
        do {
            asked = try AskedQuestion(kind, request)
        } catch {
            _ = try admit(request)
            throw error
        }
        let admission = try admit(request, to: asked.reference, moments: asked.bounds.moments)
        guard asked.reference != nil else { throw RequestError.adAccountIDRequired }
        guard let account = admission.account else { throw RequestError.adAccountNotFound }
        keepFresh(account)
        let days = try asked.days(in: account)
        let question = try asked.question(days, of: account.id, key: cursorKey)
        let version = question.version(account.versions)
        return AdmittedRead(
            asked: asked,
            question: question,
            key: CacheKey(kind, account.id, version, days, question: asked.canonical)
        )
    }

    // MARK: Answering

    /// Rows that are read at once: an answer of no more is held as a whole, and tells its length.
    private static let wholeRows = 5000

    private func answer(_ read: AdmittedRead, _ request: HTTPRequest) throws -> HTTPReply {
        let rows = try openRows(read, atMost: Self.wholeRows)
        guard rows.head.hasSubject else { throw RequestError.objectNotFound }
        // A sync may have committed since the account was looked up: the rows' own version is the one to tell.
        var key = read.key
        key.version = rows.head.version
        var response = HTTPResponse(status: 200, headers: CachePolicy.shared(key, read.asked.format))
        keepOnly(&response, if: rows, are: read)
        // CSV has no place for it.
        if read.asked.format == .csv, let coverage = rows.head.coverage {
            response.headers["X-Coverage"] = coverage.json
        }
        // nginx would store it under the key that we did not take: one of another release of ours.
        if let grant = request.grant, grant != read.key.text { response.headers["Cache-Control"] = "no-store" }

        defer { buffer.clear() }
        var writer = makeWriter(read, rows, buffer)
        while try rows.next({ writer.write($0) }) {}
        guard read.question.limit != nil || !rows.hasMore else { return try stream(read, response, request) }
        let cursor = try rows.nextPage.map { read.asked.cursor($0, of: key.account, key: try cursorKey()) }
        writer.finish(cursor: cursor)
        if read.asked.format == .csv { response.headers["X-Next-Cursor"] = cursor }
        response = bodies.encode(response, buffer.bytes, for: request)
        keepOutOfFullCache(&response, bytes: response.body.count, request)
        return HTTPReply(response)
    }

    /// An answer of more rows than are held: read again from the first one on, and handed on while they come.
    private func stream(_ read: AdmittedRead, _ response: HTTPResponse, _ request: HTTPRequest) throws -> HTTPReply {
        let rows = try openRows(read, atMost: nil)
        let buffer = ByteBuffer()
        var response = response
        var key = read.key
        key.version = rows.head.version
        response.headers["ETag"] = key.etag
        keepOnly(&response, if: rows, are: read)
        keepOutOfFullCache(&response, bytes: Self.streamedBytes, request)
        let gzip = bodies.stream(&response, for: request)
        return HTTPReply(response, rest: AnswerStream(rows, makeWriter(read, rows, buffer), buffer, gzip))
    }

    /// When no database at hand has what the key promises, there is an answer all the same, but none to keep.
    private func keepOnly(_ response: inout HTTPResponse, if rows: AnswerRows, are read: AdmittedRead) {
        if rows.head.version.isOlder(than: read.key.version) { response.headers["Cache-Control"] = "no-store" }
    }

    private func makeWriter(_ read: AdmittedRead, _ rows: AnswerRows, _ buffer: ByteBuffer) -> RowWriter {
        let style = read.asked.csvStyle
        if read.asked.format == .csv, style.beginsWithMark { buffer.append(CSVStyle.byteOrderMark) }
        var writer = RowWriter(
            read.asked.format,
            buffer,
            member: read.key.kind.member,
            read.question.columns,
            rows.head
        )
        writer.idsInCSV = style.ids
        return writer
    }

    private func openRows(_ read: AdmittedRead, atMost limit: Int?) throws -> AnswerRows {
        let isCurrent = { (rows: AnswerRows) in !rows.head.version.isOlder(than: read.key.version) }
        let rows = try reads.rows(where: isCurrent) {
            try $0.answer(to: read.question, of: read.key.account, atMost: limit)
        }
        guard let rows else { throw RequestError.adAccountNotFound }
        return rows
    }

    private func cursorKey() throws -> [UInt8] {
        if let knownCursorKey { return knownCursorKey }
        let key = try store.cursorKey()
        knownCursorKey = key
        return key
    }
}
