internal import HTTPMessages
internal import Model
internal import Store

// The read routes, whose answers caches keep, and the question that nginx asks before it answers one of them from its
// cache.

extension Endpoints {
    /// GET /api/campaigns, /api/ad-sets, /api/ads, /api/creatives, /api/insights, /api/changes
    func read(_ kind: AnswerKind, _ request: HTTPRequest) throws -> HTTPReply {
        let read = try granted(kind, request) ?? admitted(kind, request)
        // The client's copy is current: decided before a row is read.
        if read.key.tag.matches(request) {
            return HTTPReply(HTTPResponse(status: 304, headers: CachePolicy.shared(read.key, read.asked.format)))
        }
        return try answer(read, request)
    }

    /// Seconds for which an authorization remains valid while no responder answers in time.
    static let authorizationGrace = 20

    /// Returns to nginx whether the sender may see the account, and the cache key of the response. The key contains
    /// AdMirror's id of the account, the data version, and the question in one spelling. All spellings share one entry,
    /// and a committed sync makes older entries unreachable. nginx returns the key if it passes the request on: see
    /// `granted`.
    ///
    /// A refused request gets no key, whatever the reason. nginx then neither reads nor writes its cache, and the
    /// responder returns the error.
    func authorize(_ kind: AnswerKind, _ request: HTTPRequest) throws -> HTTPResponse {
        try authorization(request) { try admitted(kind, request).key.text }
    }

    /// The response to an authorization request.
    /// - Parameter key: The cache key; throws if the sender may not see the account.
    func authorization(_ request: HTTPRequest, key: () throws -> String) throws -> HTTPResponse {
        // The rest of this second: long enough to spare the responders, short enough for a revoked token. nginx counts
        // whole seconds and would keep "max-age=1" for up to two. If responders only keep nginx waiting, the
        // authorization stays a little longer: see nginx/snippets/authorize.conf. (!) This header comes first, because
        // nginx ignores a Cache-Control after an X-Accel-Expires.
        let headers: HTTPHeaders = [
            "Cache-Control": "stale-if-error=\(Self.authorizationGrace)",
            "X-Accel-Expires": "@\(Int(environment.now()))",
        ]
        var response = HTTPResponse(status: 204, headers: headers)
        do {
            response.headers["X-Cache-Key"] = try key()
        } catch is RequestError {
            // Kept as long, so that a refusal takes the place of an older permission, which nginx would else
            // bring back while the database is away.
        }
        keepOutOfFullCache(&response, bytes: 4096, request)
        return response
    }
}

/// A question of an authorized sender.
private struct AdmittedRead {
    let asked: AskedQuestion
    let question: any Question
    let key: CacheKey
}

extension Endpoints {
    /// What nginx's authorization request found out about this request a moment ago, so that it is not looked up again.
    /// `nil` if there was none, or if it is about another question.
    private func granted(_ kind: AnswerKind, _ request: HTTPRequest) throws -> AdmittedRead? {
        guard let grant = request[.grant], let key = CacheKey(grant) else { return nil }
        let asked = try AskedQuestion(kind, request)
        guard key.isFor(kind, question: asked.canonical) else { return nil }
        let question = try asked.question(key.days, of: key.account, key: cursorKey)
        return AdmittedRead(asked: asked, question: question, key: key)
    }

    /// Authenticates and authorizes the sender, and starts a sync if the data is stale.
    private func admitted(_ kind: AnswerKind, _ request: HTTPRequest) throws -> AdmittedRead {
        // Authenticate first, so that strangers learn nothing about the request.
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
        noteLook(at: kind, of: account.id)
        let days = try asked.days(in: account, key: cursorKey)
        let question = try asked.question(days, of: account.id, key: cursorKey)
        let version = question.version(account.versions)
        return AdmittedRead(
            asked: asked,
            question: question,
            key: CacheKey(kind, account.id, version, days, question: asked.canonical)
        )
    }

    /// Starts a sync child if the data is stale, the account is not on hold, and no other read was faster. A failure goes
    /// to the log, because the reader has an answer all the same.
    private func keepFresh(_ account: AdmittedAccount) {
        let interval = environment.syncInterval
        let decision = SyncDecision.decide(account.state, trigger: .read, isForced: false, interval: interval)
        switch decision {
        case .start, .restart, .replace: break
        case .running, .fresh, .held: return
        }
        do {
            let outcome = try store.requestSync(of: account.id, trigger: .read, isForced: false, interval: interval)
            if case .started(let run) = outcome { try start([run], with: .account(account.id)) }
        } catch {
            environment.log("the sync after a read of stale data did not start: \(error)")
        }
    }

    // MARK: Answering

    /// The most rows of a response that is built in memory, with its length.
    private static let wholeRows = 5000

    private func answer(_ read: AdmittedRead, _ request: HTTPRequest) throws -> HTTPReply {
        let rows = try openRows(read, atMost: Self.wholeRows)
        guard rows.head.hasSubject else { throw RequestError.objectNotFound }
        // A sync may have committed since the account was read, so the version of the rows is returned.
        var key = read.key
        key.version = rows.head.version
        var response = HTTPResponse(status: 200, headers: CachePolicy.shared(key, read.asked.format))
        keepOnly(&response, if: rows, are: read)
        // CSV has no place for it.
        if read.asked.format == .csv, let coverage = rows.head.coverage {
            response.headers["X-Coverage"] = coverage.json
            response.headers["X-Previous-Coverage"] = rows.head.compared?.json
        }
        // nginx would store the response under the key of another release.
        if let grant = request[.grant], grant != read.key.text { response.headers["Cache-Control"] = "no-store" }

        defer { buffer.clear() }
        var writer = makeWriter(read, rows, buffer)
        while try rows.next({ writer.write($0) }) {}
        guard read.question.limit != nil || !rows.hasMore else { return try stream(read, response, request) }
        let cursor = try rows.nextPage.map { read.asked.cursor($0, key.days, of: key.account, key: try cursorKey()) }
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
        response.headers["ETag"] = key.tag.text
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
            compared: read.question.comparedDays.map { _ in read.question.comparedColumns },
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
