/// A file with a password or a shared secret: settings hold its path, and nothing that is shown holds more.
package struct SecretFile: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }
}
