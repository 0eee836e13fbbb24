import Addresses
import Linux
import ServiceLifecycle

/// Tells systemd that the director lives, for as long as heart and hand go round (sd_watchdog_enabled(3)). A director
/// that hangs is ended by systemd, which then releases its addresses.
struct Watchdog: Service, CustomStringConvertible {
    let heart: HeartBoard
    let hand: HandBoard
    let takeoverTime: Duration
    let description = "watchdog"

    // Implementation constants: more than a busy machine, or a long wait for the kernel's RTNL lock, takes.
    private static let heartLimit = Duration.seconds(2)
    private static let handLimit = Duration.seconds(20)

    func run() async throws {
        guard let limit = Notifier.watchdogLimit else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if isAlive(Clock.now()) { Notifier.tell("WATCHDOG=1") }
                try? await Task.sleep(for: limit / 4)
            }
        }
    }

    func isAlive(_ now: Instant) -> Bool {
        now - heart.lastRound < max(Self.heartLimit, takeoverTime * 2) && now - hand.lastRound < Self.handLimit
    }
}
