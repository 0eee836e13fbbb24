internal import CLinux

/// Ethernet frames that leave in one call to the kernel.
package struct FrameBatch: Sendable {
    private var bytes: [UInt8] = []
    private var frames: [clinux_frame] = []

    package init() {}

    package var count: Int { frames.count }

    /// - Parameter frame: Ethernet header first; what is shorter than one is left out.
    package mutating func add(_ frame: [UInt8], interface: Int32) {
        guard frame.count >= 14 else { return }
        frames.append(
            clinux_frame(offset: UInt32(bytes.count), length: UInt32(frame.count), interface: interface))
        bytes += frame
    }

    /// Sends them in their order and forgets them. A full queue drops what does not fit.
    ///
    /// - Returns: how many were sent.
    @discardableResult
    package mutating func send(on socket: borrowing PacketSocket) -> Int {
        let descriptor = socket.fileDescriptor
        let sent = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe frames.withUnsafeBufferPointer { frames in
                unsafe clinux_send_frames(descriptor, bytes.baseAddress, frames.baseAddress, UInt32(frames.count))
            }
        }
        bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        return Int(sent)
    }
}
