import ASCII
import Testing

@Suite struct ASCIITests {
    @Test("hex is written in lower case, two digits per byte, and read in either case")
    func hexadecimal() {
        let bytes: [UInt8] = [0, 1, 0x0F, 0x10, 0xAB, 0xFF]
        #expect(Hexadecimal.text(bytes) == "00010f10abff")
        #expect(Hexadecimal.text([]).isEmpty)
        #expect(Hexadecimal.bytes("00010f10abff".utf8) == bytes && Hexadecimal.bytes("00010F10aBFf".utf8) == bytes)
        #expect(Hexadecimal.bytes("".utf8) == [])
        for text in ["0", "000", "0g", "0x", " 00", "0\u{660}", "é"] { #expect(Hexadecimal.bytes(text.utf8) == nil) }
        #expect(Hexadecimal.percentEncoded(0x2F) == Array("%2F".utf8))
    }

    @Test("only ASCII digits count as digits")
    func digits() {
        #expect("0123456789".isDigits)
        for text in ["", "-1", "1 ", "１", "٣", "½", "a"] { #expect(!text.isDigits) }
        #expect(!"é".utf8.areDigits)
    }

    @Test("a UUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12")
    func uuid() {
        #expect("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".isUUID && "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6".isUUID)
        for text in [
            "", "f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf}", "f81d4fae--dec-11d0-a765-00a0c91e6bf6",
        ] { #expect(!text.isUUID) }
    }
}
