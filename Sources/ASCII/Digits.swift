extension UInt8 {
    /// Whether it is the code of a digit.
    package var isDigit: Bool { (0x30...0x39).contains(self) }
}

extension Sequence<UInt8> {
    /// Whether all are codes of digits; `true` for none.
    package var areDigits: Bool { allSatisfy(\.isDigit) }
}

extension StringProtocol {
    /// Whether it consists of digits, at least one.
    package var isDigits: Bool { !isEmpty && utf8.areDigits }
}
