import Model
import Testing

@Suite struct AccountReferenceTests {
    @Test(
        "an account is named by its UUID in any case",
        arguments: [
            "0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8FAD5b-d9cb-469F-a165-70867728950E",
        ]
    )
    func uuid(text: String) {
        let reference = AccountReference(text)
        #expect(reference.id?.rawValue == "0f8fad5b-d9cb-469f-a165-70867728950e")
        #expect(reference.facebookID == nil)
    }

    @Test(
        "an account is named by Facebook's id with or without act_",
        arguments: [
            ("1569761797025413", "1569761797025413"), ("act_1569761797025413", "1569761797025413"), ("7", "7"),
            ("12345678901234567890", "12345678901234567890"), ("act_0", "0"),
        ]
    )
    func facebook(text: String, digits: String) {
        let reference = AccountReference(text)
        #expect(reference.facebookID == digits)
        #expect(reference.id == nil)
    }

    @Test(
        "anything else names no account",
        arguments: [
            "", " ", "act_", "act_act_1", "ACT_1", "act_1 ", " 1", "-1", "1.0", "1e3", "12a", "123456789012345678901",
            "act_123456789012345678901", "١٢٣", "１２３", "0f8fad5bd9cb469fa16570867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950", "0f8fad5b-d9cb-469f-a165-70867728950e0",
            "0f8fad5b-d9cb-469f-a165-70867728950g", "0f8fad5b_d9cb_469f_a165_70867728950e",
            "{0f8fad5b-d9cb-469f-a165-7086772895}", "act_0f8fad5b-d9cb-469f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-7086772895é", "1' OR '1'='1", "1\n", "1\u{0}", "../etc/passwd",
        ]
    )
    func nonsense(text: String) {
        let reference = AccountReference(text)
        #expect(reference.id == nil)
        #expect(reference.facebookID == nil)
    }
}
