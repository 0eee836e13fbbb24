/// A program of the director's machine that looks at a server: exit 0 is up.
package struct ScriptCheck: Hashable, Sendable {
    /// What it gets behind its own arguments; its environment says the same and more.
    package enum Arguments: String, Hashable, Sendable, CaseIterable {
        case none
        /// The virtual address or mark, its port, the server's address, and its port: what ldirectord's
        /// `checktype=external` gives to a `checkcommand`.
        case ldirectord
    }

    /// An absolute path and arguments.
    package var words: [String]
    package var user: String
    package var arguments: Arguments
    /// Whether an exit of 2 to 255 is up with the weight of 0 to 253.
    package var isDynamic: Bool

    package init(words: [String] = [], user: String = "nobody", arguments: Arguments = .none, isDynamic: Bool = false) {
        self.words = words
        self.user = user
        self.arguments = arguments
        self.isDynamic = isDynamic
    }
}
