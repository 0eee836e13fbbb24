package import Addresses

/// What a director knows of the surroundings of its groups, and whom it asks: gateways, and a few neighbours on
/// each link.
///
/// A value like all machines: the lookout's thread tells it what it heard and sends what it asks for.
package struct Vigil: Sendable {
    /// An interface on which groups have addresses.
    package struct Link: Hashable, Sendable {
        package var index: Int32
        package var hasCarrier: Bool
        /// By their places in the configuration.
        package var groups: [Int]

        package init(index: Int32, hasCarrier: Bool, groups: [Int]) {
            self.index = index
            self.hasCarrier = hasCarrier
            self.groups = groups
        }
    }

    package struct Host: Hashable, Sendable {
        package var address: IPAddress
        /// The interface's index.
        package var interface: Int32

        package init(address: IPAddress, interface: Int32) {
            self.address = address
            self.interface = interface
        }
    }

    package struct Asked: Hashable, Sendable {
        package let host: Host
        /// The groups that have it for a gateway; none: a neighbour.
        package internal(set) var groups: [Int]
        package internal(set) var inquiry: Inquiry

        package var isGateway: Bool { !groups.isEmpty }
    }

    package private(set) var links: [Link] = []
    package internal(set) var asked: [Asked] = []
    package private(set) var isLookingOut = false
    let pace: Duration
    private var hadNeighbours: [Int: Bool] = [:]

    // Implementation constants

    package static let gatewayPeriod = Duration.seconds(1)
    package static let neighbourPeriod = Duration.seconds(10)
    /// On each link.
    package static let mostNeighbours = 8
    private static let fastest = Duration.milliseconds(10)
    /// Who answered within so long is a neighbour.
    private static let memory = Duration.seconds(60)

    package init(interval: Duration) { pace = max(interval, Self.fastest) }

    /// While true everybody is asked at the pace of the heartbeats, from now on. What counts as a neighbour is who
    /// was there before.
    package mutating func lookOut(_ isOn: Bool, now: Instant) {
        if isOn, !isLookingOut {
            for link in links {
                for group in link.groups { hadNeighbours[group] = hasNeighbours(group, now) }
            }
            for index in asked.indices { asked[index].inquiry.hurry(now: now) }
        }
        isLookingOut = isOn
    }

    /// What the kernel's tables say. Who is asked already stays as known as it is.
    package mutating func survey(
        links: [Link], gateways: [Host: [Int]], neighbours: [Host: MACAddress], now: Instant
    ) {
        self.links = links
        let before = Dictionary(asked.map { ($0.host, $0) }) { first, _ in first }
        var after: [Asked] = []
        for (host, groups) in gateways.sorted(by: { $0.key < $1.key }) {
            let inquiry =
                before[host].flatMap { $0.isGateway ? $0.inquiry : nil }
                ?? Inquiry(mac: neighbours[host], period: Self.gatewayPeriod, pace: pace, now: now)
            after.append(Asked(host: host, groups: groups.sorted(), inquiry: inquiry))
        }
        for link in links {
            let here = neighbours.filter { $0.key.interface == link.index && gateways[$0.key] == nil }
            for host in choose(here.keys.sorted(), before) {
                let inquiry =
                    before[host].flatMap { $0.isGateway ? nil : $0.inquiry }
                    ?? Inquiry(mac: here[host], period: Self.neighbourPeriod, pace: pace, now: now)
                after.append(Asked(host: host, groups: [], inquiry: inquiry))
            }
        }
        asked = after
    }

    /// Those that answer stay; the places of the others go round.
    private func choose(_ candidates: [Host], _ before: [Host: Asked]) -> [Host] {
        let good = candidates.filter { before[$0].map { $0.inquiry.state != .silent } ?? false }
        let silent = candidates.filter { before[$0]?.inquiry.state == .silent }
        let others = candidates.filter { before[$0] == nil }
        let next = silent.max().map { last in others.filter { $0 > last } + others.filter { $0 < last } } ?? others
        return Array((good + next + silent).prefix(Self.mostNeighbours))
    }

    /// The kernel says that a link has a carrier, or none; true where that is news.
    package mutating func setCarrier(_ hasCarrier: Bool, of interface: Int32) -> Bool {
        guard let index = links.firstIndex(where: { $0.index == interface }), links[index].hasCarrier != hasCarrier
        else { return false }
        links[index].hasCarrier = hasCarrier
        return true
    }

    /// Somebody answered; the groups whose outlook that may change.
    package mutating func answer(_ host: Host, from mac: MACAddress, now: Instant) -> [Int] {
        guard let index = asked.firstIndex(where: { $0.host == host }) else { return [] }
        asked[index].inquiry.answer(from: mac, now: now, isLookingOut: isLookingOut)
        return asked[index].groups + (links.first { $0.index == host.interface }?.groups ?? [])
    }

    /// The next moment at which somebody is to be asked.
    package var deadline: Instant { asked.reduce(.never) { min($0, $1.inquiry.nextAt) } }

    /// Who is to be asked now, and where: nil means everybody.
    package mutating func tick(now: Instant, ask: (Host, MACAddress?) -> Void) {
        for index in asked.indices where asked[index].inquiry.tick(now: now, isLookingOut: isLookingOut) {
            ask(asked[index].host, asked[index].inquiry.target)
        }
    }
}

extension Vigil.Host: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        (left.interface, left.address) < (right.interface, right.address)
    }
}

extension Vigil {
    /// What the heart is told of a group.
    package func outlook(of group: Int, now: Instant) -> Outlook {
        let links = links.filter { $0.groups.contains(group) }
        let neighbours = asked.filter { asked in links.contains { $0.index == asked.host.interface } }
        let gateways = asked.filter { $0.groups.contains(group) }
        let lacksGateways = !gateways.isEmpty && gateways.allSatisfy { $0.inquiry.state == .silent }
        return Outlook(
            hasCarrier: links.allSatisfy(\.hasCarrier),
            gatewayAnswered: gateways.compactMap(\.inquiry.answeredAt).max(),
            neighbourAnswered: (neighbours + gateways).compactMap(\.inquiry.answeredAt).max(),
            hasNeighbours: isLookingOut ? hadNeighbours[group] ?? false : hasNeighbours(group, now),
            lacksGateways: lacksGateways)
    }

    private func hasNeighbours(_ group: Int, _ now: Instant) -> Bool {
        asked.contains { asked in
            guard let answered = asked.inquiry.answeredAt, now - answered < Self.memory else { return false }
            return links.contains { $0.index == asked.host.interface && $0.groups.contains(group) }
        }
    }

    /// How many of a group's gateways are silent, of how many.
    package func silentGateways(of group: Int) -> (silent: Int, all: Int) {
        let gateways = asked.filter { $0.groups.contains(group) }
        return (gateways.count { $0.inquiry.state == .silent }, gateways.count)
    }
}
