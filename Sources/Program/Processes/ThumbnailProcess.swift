internal import CProcess
internal import Glibc
internal import Model
package import Store
internal import ThumbnailFiles

/// Makes thumbnails with `admirror-thumbnails`, one process for each picture. A picture that makes it crash or hang costs nothing
/// but its thumbnails.
package enum ThumbnailProcess {
    /// Seconds for one picture.
    private static let patience = 15.0

    package static func thumbnails(of picture: [UInt8]) -> Result<[Thumbnail], PictureFailure> {
        do {
            return .success(try make(picture))
        } catch {
            return .failure(error)
        }
    }

    private static func make(_ picture: [UInt8]) throws(PictureFailure) -> [Thumbnail] {
        // Both ends are files in memory: a process that dies early breaks no pipe.
        let (input, output) = (admirror_memory_file(), admirror_memory_file())
        defer {
            for file in [input, output] where file >= 0 { close(file) }
        }
        guard input >= 0, output >= 0, write(picture, to: input) else {
            throw PictureFailure(.passing, "there is no memory for the picture")
        }
        try run(input, output)
        guard let entries = ThumbnailFile.entries(of: readFile(output)), !entries.isEmpty else {
            throw PictureFailure(.unusable, "the picture cannot be decoded")
        }
        // A decoder that was taken over may have written anything.
        let thumbnails = entries.map { Thumbnail(width: $0.width, type: $0.type, bytes: $0.bytes) }
        guard thumbnails.allSatisfy(isSound), Set(thumbnails.map(\.width)).count == thumbnails.count else {
            throw PictureFailure(
                .unusable,
                "the picture cannot be decoded: admirror-thumbnails returned invalid thumbnails"
            )
        }
        return thumbnails
    }

    private static func isSound(_ thumbnail: Thumbnail) -> Bool {
        guard Thumbnail.widths.contains(thumbnail.width), let header = PictureHeader(thumbnail.bytes) else {
            return false
        }
        let type: [PictureHeader.Form: String] = [.jpeg: "image/jpeg", .webp: "image/webp"]
        return header.width <= thumbnail.width && header.isDecodable && type[header.form] == thumbnail.type
    }

    private static func run(_ input: Int32, _ output: Int32) throws(PictureFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let path = DetachedProcess.directory + "/admirror-thumbnails"
        var words = ([path] + Thumbnail.widths.map(String.init)).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, nil, &words, &environment)
        guard code == 0 else {
            throw PictureFailure(.passing, "cannot start admirror-thumbnails: \(String(cString: strerror(code)))")
        }
        let status = wait(for: process)
        switch status {
        case nil: throw PictureFailure(.unusable, "the picture cannot be decoded in \(Int(patience)) seconds")
        case 0: return
        case let status? where status & 0x7F == 0:
            throw PictureFailure(.unusable, "the picture cannot be decoded")
        case let status?:
            throw PictureFailure(.unusable, "decoding the picture ended with signal \(status & 0x7F)")
        }
    }

    /// - Returns: The status of the process that ended; `nil` if it had to be ended.
    private static func wait(for process: pid_t) -> Int32? {
        let end = secondsSince1970() + patience
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status }
            guard ended == 0, secondsSince1970() < end else {
                kill(process, SIGKILL)
                waitpid(process, &status, 0)
                return nil
            }
            usleep(2000)
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return lseek(file, 0, SEEK_SET) == 0
    }

    private static func readFile(_ file: Int32) -> [UInt8] {
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0, size <= 16 << 20 else { return [] }
        var bytes = [UInt8](repeating: 0, count: size)
        return pread(file, &bytes, size, 0) == size ? bytes : []
    }
}
