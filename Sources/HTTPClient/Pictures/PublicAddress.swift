internal import CCurl
internal import Glibc

/// Decides whether a network address is public. Others belong to this host, its network, or nobody.
package enum PublicAddress {
    /// - Parameter bytes: the four bytes of an IPv4 address, or the sixteen of an IPv6 address.
    package static func isPublic(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4: isPublicIPv4(bytes)
        // IANA assigns 2000::/3. Parts of it hold IPv4 addresses (6to4, Teredo), or are for documents.
        case 16:
            bytes[0] & 0xE0 == 0x20 && !starts(bytes, [0x20, 0x02]) && !starts(bytes, [0x20, 0x01, 0x00])
                && !starts(bytes, [0x20, 0x01, 0x01]) && !starts(bytes, [0x20, 0x01, 0x0D, 0xB8])
                && !starts(bytes, [0x3F, 0xFF])
        default: false
        }
    }

    /// By IANA's registry of special addresses.
    private static func isPublicIPv4(_ bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224...255, _, _): false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    private static func starts(_ bytes: [UInt8], _ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }

    /// The bytes of the address to which libcurl is about to connect; `nil` for addresses of no network.
    static func bytes(_ address: UnsafeMutablePointer<curl_sockaddr>) -> [UInt8]? {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        // libcurl has room behind the structure for an address of any family.
        let start = UnsafeRawPointer(address) + offset
        switch address.pointee.family {
        case AF_INET: return [UInt8](UnsafeRawBufferPointer(start: start + 4, count: 4))
        case AF_INET6: return [UInt8](UnsafeRawBufferPointer(start: start + 8, count: 16))
        default: return nil
        }
    }
}
