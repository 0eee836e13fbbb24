import Glibc

/// The kernel's modules, by name with `_` for `-`.
package enum KernelModules {
    /// Loaded, or built in and with something to show for it (/sys/module).
    package static var present: Set<String> { Set(Folder.names(in: "/sys/module")) }

    /// Those that lie below /lib/modules for the kernel that runs, loaded or not.
    package static var installed: Set<String> {
        guard let release = try? Sysctl.read("kernel/osrelease") else { return [] }
        var names: Set<String> = []
        for list in ["modules.dep", "modules.builtin"] {
            var reader = LineReader(path: "/lib/modules/\(release)/\(list)")
            try? reader.forEachLine { line in
                if let name = name(inLine: line) { names.insert(name) }
                return true
            }
        }
        return names
    }

    /// Of `kernel/net/netfilter/ipvs/ip_vs_mh.ko.xz: kernel/...`.
    static func name(inLine line: ArraySlice<UInt8>) -> String? {
        let path = line.prefix { $0 != UInt8(ascii: ":") }
        let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
        let file = String(decoding: path[start...], as: UTF8.self)
        guard let end = file.firstRange(of: ".ko") else { return nil }
        return String(file[..<end.lowerBound]).replacing("-", with: "_")
    }
}
