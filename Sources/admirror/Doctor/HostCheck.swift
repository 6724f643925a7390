import Program

/// Room on the disks that are written to.
struct HostCheck: Check {
    let area = "host"
    let settings: Settings

    func look() -> [Finding] {
        let logs = [settings.syncLog, settings.nginxAccessLog].compactMap(\.self).map(folder)
        var seen: Set<String> = []
        let findings = (["/", "/tmp"] + logs).compactMap { path -> Finding? in
            guard let space = Host.diskSpace(at: path), space.total > 0 else { return nil }
            // Folders of one file system have the same numbers.
            guard seen.insert("\(space.free) \(space.total)").inserted else { return nil }
            let text = "\(space.free >> 20) MiB are free on the file system of \(path)"
            let mend = "free space: old logs, package caches, files of other programs"
            switch space.free {
            case ..<(200 << 20): return problem(text, mend)
            case ..<(1 << 30): return warning(text, mend)
            default: return ok(text)
            }
        }
        return findings
    }

    private func folder(_ file: String) -> String {
        String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    }
}
