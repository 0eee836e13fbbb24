import CLinux
import Glibc

/// A thread of its own for work that must not share one: the heart's and the hand's.
package enum OSThread {
    /// Stack in bytes; locked memory counts.
    private static let stackSize = 512 * 1024

    /// Starts `body` on a new thread, under SCHED_FIFO if `priority` (1 to 99) is given and the kernel allows it.
    ///
    /// - Parameter nice: of a thread without such a priority, -20 to 19 (setpriority(2)); below 0, where the kernel
    ///   allows it, it gets more of a processor than the process's others.
    /// - Returns: whether the thread runs with the priority that was asked for.
    @discardableResult
    package static func start(
        name: String, priority: Int32? = nil, nice: Int32 = 0, _ body: sending @escaping () -> Void
    ) throws(SystemError) -> Bool {
        let box = Box(body, name: name, nice: nice)
        if let priority, spawn(box, priority) == 0 { return true }
        let error = spawn(box, nil)
        guard error == 0 else { throw SystemError(errno: error, what: "start the \(name) thread") }
        return priority == nil
    }

    /// SAFETY: the body is handed to exactly one thread, which is the only one to call it.
    private final class Box: @unchecked Sendable {
        let body: () -> Void
        let name: String
        let nice: Int32

        init(_ body: @escaping () -> Void, name: String, nice: Int32) {
            self.body = body
            self.name = name
            self.nice = nice
        }
    }

    private static func spawn(_ box: Box, _ priority: Int32?) -> Int32 {
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
        let argument = unsafe Unmanaged.passRetained(box).toOpaque()
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                unsafe clinux_set_thread_name(box.name)
                // Of this thread alone: Linux keeps the value for each (setpriority(2), C library/kernel differences).
                if box.nice != 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, box.nice) }
                box.body()
                return nil
            }, argument)
        if error != 0 { unsafe Unmanaged<Box>.fromOpaque(argument).release() }
        return error
    }
}
