/// What Facebook's response left open about one object. Fields are in Facebook's spelling.
package struct Gaps: Sendable, Equatable {
    /// Fields without a value that can be used. What is known of them from before stays.
    package var unknown: [String] = []
    /// Fields that were repaired, cannot be read, or are absent though every object has them: they are read again.
    package var damaged: [String] = []

    package init() {}
}
