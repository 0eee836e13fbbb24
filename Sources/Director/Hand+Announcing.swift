import Addresses
import Glibc
import Linux
import Netlink

extension Hand {
    // Implementation constants

    /// Addresses added or announced before the next order is looked at.
    static var slice: Int { 50 }
    /// How long a kernel that does not deliver to new IPv6 addresses yet is waited for in one claim: a peer that hands
    /// over serves them meanwhile.
    static var deliveryPatience: Duration { .milliseconds(500) }
    /// How long nobody may answer for an address before it counts as free, and how often that is asked.
    private static var probeTime: Duration { .milliseconds(200) }
    private static var probes: Int { 2 }

    /// Starts over, with a round that is due at once.
    mutating func restartAnnouncing(_ index: Int) -> Bool {
        guard groups[index].place == .here else { return false }
        groups[index].startAnnouncing(Clock.now())
        return true
    }

    /// Announces the next slice of each round that is due or under way. Rounds that come up while the heart does not go
    /// round are left out: a director that was frozen would draw its clients away from the one that took over.
    mutating func announceDue(_ now: Instant) {
        for index in groups.indices where groups[index].place == .here {
            guard isHeartAlive else {
                groups[index].skipDue(now)
                continue
            }
            for offset in groups[index].takeDue(now, slice: Self.slice) {
                prepareAnnouncement(of: groups[index].targets[offset])
            }
            cry()
        }
    }

    /// Lets what was prepared be sent.
    mutating func cry() {
        guard frames.count > 0 else { return }
        if !ports.crier.post(frames) { frames.send(on: packets) }
        frames = FrameBatch()
    }

    mutating func prepareAnnouncement(
        of target: HandGroup.Target, forms: [AnnouncementFrames.ARPForm] = AnnouncementFrames.ARPForm.allCases
    ) {
        guard let link = target.link, let mac = link.mac else { return }
        switch target.prefix.address {
        case .v4(let address):
            for form in forms {
                AnnouncementFrames.gratuitousARP(form, for: address, at: mac, into: &frame)
                frames.add(frame, interface: link.index)
            }
        case .v6(let address):
            AnnouncementFrames.unsolicitedAdvertisement(for: address, at: mac, into: &frame)
            frames.add(frame, interface: link.index)
        }
    }

    /// Asks the network whether somebody else answers for the addresses. False as well when it cannot be asked. Those
    /// that are withdrawn are asked for too: a holder that is not heard may know better.
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
                    guard let offset = group.offsets[claim.address] else { continue }
                    if group.targets[offset].isClaimed(by: claim, on: interface) { return false }
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
        link?.index == interface && link?.mac != claim.mac
    }
}
