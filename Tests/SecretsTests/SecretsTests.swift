import ASCII
import Secrets
import Testing

@Suite struct DigestsTests {
    @Test(
        "SHA-256 gives FIPS 180-4's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func sha(text: String, digest: String) {
        #expect(Hexadecimal.text(sha256(text.utf8)) == digest)
    }

    @Test(
        "HMAC-SHA-256 gives the examples of RFC 4231 whose keys are text",
        arguments: [
            // Test cases 1 and 2; the key of case 1 is twenty times 0x0b.
            (
                String(repeating: "\u{0B}", count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                "Jefe", "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
        ]
    )
    func hmac(key: String, message: String, code: String) {
        #expect(hmacSHA256(key: key, message: message) == code)
    }

    @Test(
        "secrets are equal only if every byte is",
        arguments: [
            ("abc", "abc", true), ("", "", true), ("abc", "abd", false), ("abc", "ab", false), ("abc", "abcd", false),
            ("abc", "ABC", false), ("", "a", false), ("\u{E9}", "e\u{301}", false), ("a\0b", "a\0c", false),
        ]
    )
    func same(one: String, other: String, isSame: Bool) {
        #expect(isSameSecret(one, other) == isSame)
        #expect(isSameSecret(other, one) == isSame)
    }
}

@Suite struct TokenCipherTests {
    let cipher = TokenCipher(key: Array(0..<32))

    @Test(
        "an encrypted token decrypts to itself",
        arguments: ["EAAB0123456789", "", "ü🚀", String(repeating: "x", count: 5000)]
    )
    func roundTrip(token: String) throws {
        let sealed = try cipher.seal(token, account: "1")
        #expect(try cipher.open(sealed, account: "1") == token)
        #expect(sealed.bytes.count == 12 + token.utf8.count + 16)
        #expect(try TokenCipher(key: Array(0..<32)).open(sealed, account: "1") == token)
    }

    @Test("each encryption has its own nonce and reveals nothing of the token")
    func nonces() throws {
        let token = "EAAB0123456789"
        let sealings = try (0..<100).map { _ in try cipher.seal(token, account: "1").bytes }
        #expect(Set(sealings.map { $0.prefix(12) }).count == 100)
        #expect(Set(sealings.map { $0.dropFirst(12) }).count == 100)
        #expect(!sealings.contains { String(decoding: $0, as: UTF8.self).contains("EAAB") })
    }

    @Test("a token decrypts for no other account", arguments: ["2", "", "10", "act_1"])
    func otherAccount(account: String) throws {
        let sealed = try cipher.seal("token", account: "1")
        let failure = #expect(throws: TokenCipher.Failure.self) { try cipher.open(sealed, account: account) }
        #expect(failure?.isDamaged == true)
    }

    @Test("a wrong key is detected by its id before any decryption")
    func otherKey() throws {
        let sealed = try cipher.seal("token", account: "1")
        let other = TokenCipher(key: Array(1...32))
        // During a rotation both keys decrypt, and the new one encrypts.
        let both = TokenCipher(key: Array(1...32), oldKey: Array(0..<32))
        #expect(both.keyID == other.keyID)
        #expect(try both.open(try cipher.seal("old", account: "1"), account: "1") == "old")
        #expect(try other.open(try both.seal("new", account: "1"), account: "1") == "new")
        let failure = #expect(throws: TokenCipher.Failure.self) { try other.open(sealed, account: "1") }
        guard case .keyMissing(cipher.keyID) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(failure?.description.contains(cipher.keyID) == true)
    }

    @Test("a token under another key's id does not decrypt")
    func forgedKeyID() throws {
        let sealed = try cipher.seal("token", account: "1")
        let other = TokenCipher(key: Array(1...32))
        let forged = TokenCipher.Sealed(bytes: sealed.bytes, keyID: other.keyID)
        let failure = #expect(throws: TokenCipher.Failure.self) { try other.open(forged, account: "1") }
        #expect(failure?.isDamaged == true)
    }

    @Test("one changed bit anywhere is detected")
    func tampered() throws {
        let sealed = try cipher.seal("token", account: "1")
        for place in sealed.bytes.indices {
            var bytes = sealed.bytes
            bytes[place] ^= 1
            let broken = TokenCipher.Sealed(bytes: bytes, keyID: sealed.keyID)
            let failure = #expect(throws: TokenCipher.Failure.self) { try cipher.open(broken, account: "1") }
            #expect(failure?.isDamaged == true)
        }
    }

    @Test("truncated, missing or additional bytes are detected", arguments: [0, 1, 12, 27, 28, 32, 34])
    func cut(count: Int) throws {
        let sealed = try cipher.seal("token", account: "1")
        let bytes = Array((sealed.bytes + [0]).prefix(count))
        let broken = TokenCipher.Sealed(bytes: bytes, keyID: sealed.keyID)
        let failure = #expect(throws: TokenCipher.Failure.self) { try cipher.open(broken, account: "1") }
        #expect(failure?.isDamaged == true)
    }

    @Test("a key's id is always the same and is not the key")
    func keyID() {
        // SHA-256 of the bytes 0…31, by sha256sum.
        #expect(cipher.keyID == "630dcd2966c43366")
        #expect(TokenCipher(key: Array(1...32)).keyID != cipher.keyID)
    }
}

extension TokenCipher.Failure {
    fileprivate var isDamaged: Bool { if case .damaged = self { true } else { false } }
}

@Suite struct AccessTokenTests {
    @Test("a token is adm_ and 64 hex digits, and never the same")
    func format() {
        let tokens = (0..<200).map { _ in AccessToken.generate() }
        #expect(Set(tokens).count == 200)
        for token in tokens {
            #expect(token.wholeMatch(of: /adm_[0-9a-f]{64}/) != nil)
        }
    }

    @Test("only the hash of the complete token is stored")
    func hash() {
        #expect(AccessToken.hash("abc") == sha256("abc".utf8))
        #expect(AccessToken.hash("adm_1") != AccessToken.hash("adm_2"))
        #expect(AccessToken.hash("abc").count == 32)
    }

    @Test("random hex has two digits for each byte", arguments: [0, 1, 16, 32])
    func random(bytes: Int) {
        #expect(randomHexadecimal(bytes: bytes).utf8.count == bytes * 2)
    }
}

@Suite struct PasswordTests {
    @Test("a password matches its own hash, and no other")
    func matches() throws {
        let hash = try #require(Passwords.hash("correct horse"))
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(Passwords.matches("correct horse", hash))
        for wrong in ["", "correct hors", "correct horse ", "Correct horse", "correct\u{0}horse"] {
            #expect(!Passwords.matches(wrong, hash))
        }
        #expect(Passwords.hash("correct horse") != hash, "without a salt of its own")
        #expect(
            !Passwords.matches("", nil) && !Passwords.matches("x", "") && !Passwords.matches("x", "$argon2id$nonsense")
        )
    }
}
