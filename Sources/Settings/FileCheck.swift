/// A file of the director's machine: servers are up while it is there.
package struct FileCheck: Hashable, Sendable {
    package var path: String
    /// How long ago it may have been written at the most, 1 s to 365 days; absent: any time.
    package var newerThan: Duration?

    package init(path: String = "", newerThan: Duration? = nil) {
        self.path = path
        self.newerThan = newerThan
    }
}
