import Glibc

/// An open file descriptor with one owner, who closes it by letting it go.
package struct FileDescriptor: ~Copyable {
    package let number: Int32

    /// Takes over a descriptor that a system call just returned; a negative one throws that call's error.
    package init(_ number: Int32, _ what: String) throws(SystemError) {
        guard number >= 0 else { throw .last(what) }
        self.number = number
    }

    /// Takes over a descriptor that is open for certain.
    init(open number: Int32) { self.number = number }

    deinit { close(number) }
}
