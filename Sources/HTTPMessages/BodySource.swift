/// Makes a body piece by piece, as fast as it is taken, for an answer that is too large to be held.
package protocol BodySource: AnyObject {
    /// The next piece, never empty; `nil` at the end.
    ///
    /// An error means that what was taken so far is no whole answer. Nothing more is asked for then.
    func next() throws -> [UInt8]?

    /// Nobody takes the rest: stop the work. Called at most once, also after an error, never after the end.
    func cancel()
}
