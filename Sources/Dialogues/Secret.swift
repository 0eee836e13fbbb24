/// A password or a shared secret. No text that is made of it holds it: no description, no dump, no failed test.
package struct Secret: Hashable, Sendable {
    /// In bytes.
    package static let longest = 1024

    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
