/// A failure that can be rehearsed. The raw value is its name on the command line.
package enum Drill: String, CaseIterable, Codable, Sendable {
    case cut
    case oneWayCut = "one-way-cut"
    case linkDown = "link-down"
    case silentLink = "silent-link"
    case kill
    case freeze
    case restart
    case stop
    case handover
    case partition
    case gatewayLossOne = "gateway-loss-one"
    case gatewayLossBoth = "gateway-loss-both"
    case witnessLoss = "witness-loss"
    case loss
    case starvation
    case rtnl
    case foreignClaim = "foreign-claim"

    /// What happens.
    package var sentence: String {
        switch self {
        case .cut: "Nothing reaches the active director or leaves it; its links keep their carrier."
        case .oneWayCut: "What the active director sends to the other is lost on every path; the way back works."
        case .linkDown: "The service link of the active director loses its carrier; the other path lives."
        case .silentLink: "The service link of the active director passes nothing, with carrier; the other path lives."
        case .kill: "The daemon of the active director is killed (SIGKILL), and started again later."
        case .freeze: "The daemon of the active director is frozen (SIGSTOP), and thawed later."
        case .restart: "The daemon of the active director is restarted, as an upgrade does (SIGUSR2)."
        case .stop: "The daemon of the active director is stopped (SIGTERM), and started again later."
        case .handover: "An operator asks for a handover."
        case .partition: "The directors do not hear each other; both reach everybody else."
        case .gatewayLossOne: "The active director does not reach the gateway; the other does."
        case .gatewayLossBoth: "The gateway is gone for both, as while it reboots."
        case .witnessLoss: "The witness is gone."
        case .loss: "One in five packets between the directors is lost, on every path, both ways."
        case .starvation: "Eight busy loops take the processors."
        case .rtnl: "Interfaces come and go by the hundred, so that the kernel's lock for addresses is busy."
        case .foreignClaim: "A machine that is no director claims the address."
        }
    }

    /// What a pair shows that passes.
    package var proves: String {
        switch self {
        case .cut: "The other takes over in time, and one is active when it heals."
        case .oneWayCut: "It is seen from both ends: one active, and soon."
        case .linkDown: "A hard fault needs no silence: the other takes over within an interval."
        case .silentLink: "A link that only seems to live is found out, and the group leaves it."
        case .kill: "A dead daemon loses its addresses without anybody's help."
        case .freeze: "A frozen daemon loses its addresses, and takes nothing back when it thaws."
        case .restart: "A restart is no failure: no role changes, no probe is lost."
        case .stop: "Stopping is a handover: no probe is lost."
        case .handover: "No probe is lost."
        case .partition: "One active when it heals, and all the time where a witness decides."
        case .gatewayLossOne: "The group goes to the director that reaches the gateway, without loss."
        case .gatewayLossBoth: "No role changes, no address leaves."
        case .witnessLoss: "A healthy pair does not mind."
        case .loss: "No role changes."
        case .starvation: "No role changes: hearts go first."
        case .rtnl: "No role changes: hearts wait for no lock."
        case .foreignClaim: "It is noticed within a second, and changes no role."
        }
    }

    /// Whether it may be run on a pair that serves clients.
    package var isSafe: Bool { self == .handover }

    /// Whether the pair must have a gateway, or ask a witness, for it to mean anything.
    package var needsGateway: Bool { [.silentLink, .gatewayLossOne, .gatewayLossBoth].contains(self) }
    package var needsWitness: Bool { self == .witnessLoss }

    /// How long a fault lasts that is to change nothing, in seconds; others last until the other director is active.
    package var seconds: Double {
        switch self {
        case .gatewayLossBoth: 10
        case .restart: 1
        default: 5
        }
    }
}
