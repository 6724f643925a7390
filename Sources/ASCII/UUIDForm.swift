extension String {
    /// Whether it has the form of a UUID (RFC 9562), in either case.
    package var isUUID: Bool {
        utf8.count == 36
            && utf8.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : Hexadecimal.digit(byte) != nil
            }
    }
}
