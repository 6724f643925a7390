internal import Postgres

/// An error of the database or of the connection to it, as far as callers of the store distinguish them.
///
/// Its description may be logged: parameter values are not part of it.
package protocol StoreError: Error, CustomStringConvertible {
    /// The database cannot answer at the moment; the same call may succeed later.
    var isUnavailable: Bool { get }
    /// The database neither answers nor refuses, so every call waits until its timeout.
    var isHang: Bool { get }
    /// The call took longer than `Store.Options` allow, so its caller has waited already.
    var isTimeout: Bool { get }
}

extension PostgresError: StoreError {
    package var isTimeout: Bool { code == .responseTimeout || code == .queryCanceled }
}
