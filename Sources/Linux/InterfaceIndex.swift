import Glibc

/// The kernel's number of an interface of this namespace; nil where there is none of that name. One that was made anew
/// has another.
package func interfaceIndex(_ name: String) -> UInt32? {
    let index = unsafe if_nametoindex(name)
    return index == 0 ? nil : index
}
