import Addresses
import Glibc
import Linux
import Netlink

extension Hand {
    // Implementation constants

    /// Addresses announced before the next order is looked at.
    private static var slice: Int { 50 }
    /// How long nobody may answer for an address before it counts as free, and how often that is asked.
    private static var probeTime: Duration { .milliseconds(200) }
    private static var probes: Int { 2 }

    mutating func restartAnnouncing(_ index: Int) -> Bool {
        guard groups[index].place == .here else { return false }
        groups[index].announcing = AnnouncementSchedule(start: Clock.now())
        announceNext(index)
        return true
    }

    /// Rounds that come up while the heart does not go round are left out: a director that was frozen would draw its
    /// clients away from the one that took over.
    mutating func announceDue(_ now: Instant) {
        for index in groups.indices where groups[index].place == .here {
            guard let next = groups[index].announcing?.next, next <= now else { continue }
            if isHeartAlive { announceNext(index) } else { groups[index].announcing?.advance(past: now) }
        }
    }

    private mutating func announceNext(_ index: Int) {
        guard let round = groups[index].announcing?.round else { return }
        let now = Clock.now()
        announce(index, round: round)
        groups[index].announcing?.advance(past: now)
    }

    private mutating func announce(_ index: Int, round: Int) {
        let targets = groups[index].targets
        for offset in targets.indices {
            let target = targets[(offset + round) % targets.count]
            guard let link = target.link, let mac = link.mac else { continue }
            announce(target.prefix.address, mac: mac, interface: link.index)
        }
    }

    private mutating func announce(_ address: IPAddress, mac: MACAddress, interface: Int32) {
        switch address {
        case .v4(let address):
            for form in AnnouncementFrames.ARPForm.allCases {
                AnnouncementFrames.gratuitousARP(form, for: address, at: mac, into: &frame)
                _ = packets.send(frame, interface: interface)
            }
        case .v6(let address):
            AnnouncementFrames.unsolicitedAdvertisement(for: address, at: mac, into: &frame)
            _ = packets.send(frame, interface: interface)
        }
    }

    /// Asks the network whether somebody else answers for the addresses. False as well when it cannot be asked.
    mutating func probe(_ index: Int) -> Bool {
        locate(index)
        guard groups[index].waitingFor == nil else { return false }
        do {
            return try isUnanswered(groups[index])
        } catch {
            ports.say("\(error)")
            return false
        }
    }

    private mutating func isUnanswered(_ group: HandGroup) throws -> Bool {
        let ears = try PacketSocket(hearing: .claims)
        var poller = try Poller()
        try poller.watch(ears.fileDescriptor, mark: 0)
        var heard = [UInt8](repeating: 0, count: 512)
        for _ in 0..<Self.probes {
            ask(group, with: ears)
            let until = Clock.now() + Self.probeTime
            while Clock.now() < until {
                poller.wait(until: until) { _ in }
                while let (count, interface) = ears.receive(into: &heard) {
                    guard let claim = HeardClaim(frame: heard[..<count]) else { continue }
                    if group.targets.contains(where: { $0.isClaimed(by: claim, on: interface) }) { return false }
                }
            }
        }
        return true
    }

    private mutating func ask(_ group: HandGroup, with socket: borrowing PacketSocket) {
        for target in group.targets {
            guard let link = target.link, let mac = link.mac else { continue }
            switch target.prefix.address {
            case .v4(let address): AnnouncementFrames.arpProbe(for: address, from: mac, into: &frame)
            case .v6(let address): AnnouncementFrames.solicitationProbe(for: address, from: mac, into: &frame)
            }
            _ = socket.send(frame, interface: link.index)
        }
    }
}

extension HandGroup.Target {
    fileprivate func isClaimed(by claim: HeardClaim, on interface: Int32) -> Bool {
        prefix.address == claim.address && link?.index == interface && link?.mac != claim.mac
    }
}
