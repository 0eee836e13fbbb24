import CLinux
import Glibc

/// A thread of its own for work that must not share one: the heart's and the hand's.
package enum OSThread {
    /// Stack in bytes; locked memory counts.
    private static let stackSize = 512 * 1024

    /// Starts `body` on a new thread, under SCHED_FIFO if `priority` (1 to 99) is given and the kernel allows it.
    ///
    /// - Returns: whether the thread runs with the priority that was asked for.
    @discardableResult
    package static func start(
        name: String, priority: Int32? = nil, _ body: sending @escaping () -> Void
    ) throws(SystemError) -> Bool {
        let box = Box(body)
        if let priority, spawn(name, box, priority) == 0 { return true }
        let error = spawn(name, box, nil)
        guard error == 0 else { throw SystemError(errno: error, what: "start the \(name) thread") }
        return priority == nil
    }

    /// SAFETY: the body is handed to exactly one thread, which is the only one to call it.
    private final class Box: @unchecked Sendable {
        let body: () -> Void
        var name = ""

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private static func spawn(_ name: String, _ box: Box, _ priority: Int32?) -> Int32 {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let priority {
            var parameters = sched_param()
            parameters.sched_priority = priority
            unsafe pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
            unsafe pthread_attr_setschedpolicy(&attributes, SCHED_FIFO)
            unsafe pthread_attr_setschedparam(&attributes, &parameters)
        }
        box.name = name
        let argument = unsafe Unmanaged.passRetained(box).toOpaque()
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                unsafe clinux_set_thread_name(box.name)
                box.body()
                return nil
            }, argument)
        if error != 0 { unsafe Unmanaged<Box>.fromOpaque(argument).release() }
        return error
    }
}
