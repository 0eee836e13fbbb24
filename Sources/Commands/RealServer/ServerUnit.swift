import Glibc
import Linux

/// The systemd unit that prepares a server again after each boot.
package struct ServerUnit {
    package static let name = "tandem-realserver.service"
    static let usualFolder = "/etc/systemd/system"

    /// The program and its arguments.
    package var words: [String]

    package init(words: [String]) {
        self.words = words
    }

    /// It waits for the server's own addresses, which say which server it is.
    package var text: String {
        """
        # Written by `tandem realserver apply --persist`; `tandem realserver undo` removes it.
        [Unit]
        Description=Tandem, the virtual addresses of a server
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=\(words.map(Self.quoted).joined(separator: " "))
        # Done but for what only a person can mend.
        SuccessExitStatus=2

        [Install]
        WantedBy=multi-user.target

        """
    }

    /// A word as systemd.service(5) reads it back.
    private static func quoted(_ word: String) -> String {
        let escaped = word.map { character -> String in
            switch character {
            case "\\", "\"": "\\\(character)"
            case "%", "$": "\(character)\(character)"
            default: String(character)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    /// Writes the unit and links it to the target that starts it, which is all that `systemctl enable` does. Whether
    /// anything had to be done.
    func install(in folder: String) throws -> Bool {
        guard let systemd = opendir(folder) else {
            throw CommandFailure(
                "\(folder) is no folder, so there is no systemd to start anything: have `tandem realserver apply` run "
                    + "at boot by other means, without --persist")
        }
        closedir(systemd)
        let path = "\(folder)/\(Self.name)"
        let wants = "\(folder)/multi-user.target.wants"
        let isThere = try DurableFile.read(path, limit: 65_536) == Array(text.utf8)
        if !isThere {
            try DurableFile.write(path, Array(text.utf8))
            chmod(path, 0o644)
        }
        try FolderPath.make(wants, mode: 0o755)
        let isLinked = symlink("../\(Self.name)", "\(wants)/\(Self.name)") == 0
        guard isLinked || errno == EEXIST else {
            throw SystemError(errno: errno, what: "link \(wants)/\(Self.name)")
        }
        return !isThere || isLinked
    }

    /// Done as well when there is none.
    static func remove(_ path: String) throws {
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        for file in ["\(folder)/multi-user.target.wants/\(name)", path] where unlink(file) != 0 && errno != ENOENT {
            throw SystemError(errno: errno, what: "remove \(file)")
        }
    }

    /// The program that runs, as the kernel knows it.
    static func ownProgram() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw SystemError(errno: errno, what: "find out where this program lies") }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func absolute(_ path: String) throws -> String {
        guard let full = realpath(path, nil) else { throw SystemError(errno: errno, what: "find \(path)") }
        defer { free(full) }
        return String(cString: full)
    }
}
