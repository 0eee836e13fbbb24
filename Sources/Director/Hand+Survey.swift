import Addresses
import Glibc
import Linux
import Netlink
import Settings

extension Hand {
    /// Looks once a second for interfaces that came, went or lost their carrier, and tells the heart.
    mutating func survey(_ now: Instant) {
        nextSurvey = now + .seconds(1)
        for index in groups.indices {
            locate(index)
            prepare(index)
        }
        restore()
        tellRemovals(now)
        let isTableRefused = ports.balancerBoard.current.isRefused
        for index in groups.indices {
            publish(index)
            let isFit = groups[index].waitingFor == nil && !(isTableRefused && groups[index].hasServices)
            ports.heart.post(.fitness(isFit ? 100 : 0, group: index))
            if let mac = groups[index].targets.first?.link?.mac { ports.heart.post(.mac(mac, group: index)) }
        }
    }

    /// Finds the interface of each address, looking for each name once.
    mutating func locate(_ index: Int) {
        var named: [String: Link?] = [:]
        var surroundings: Surroundings?
        for offset in groups[index].targets.indices {
            let target = groups[index].targets[offset]
            if let name = target.wanted {
                let link = named[name] ?? look { (hand) throws(NetlinkError) in try hand.route.link(named: name) }
                named[name] = .some(link)
                groups[index].targets[offset].link = link
            } else {
                let around = surroundings ?? look { (hand) throws(NetlinkError) in try hand.route.surroundings() }
                surroundings = around
                groups[index].targets[offset].link = around?.link(towards: target.prefix.address)
            }
        }
    }

    private mutating func look<Found>(_ question: (inout Hand) throws(NetlinkError) -> Found?) -> Found? {
        do throws(NetlinkError) {
            return try question(&self)
        } catch {
            ports.say("\(error)")
            return nil
        }
    }

    /// What the kernel says by itself: a link that changed is looked at now, an address that went is put back.
    mutating func notice() {
        var removed: [Int: [Int]] = [:]
        for event in events.receive() {
            switch event {
            case .linkChanged, .linkRemoved, .overflow: nextSurvey = Instant(nanoseconds: 0)
            case .addressRemoved(let prefix, let interface):
                guard let (group, offset) = held(prefix, on: interface) else { continue }
                removed[group, default: []].append(offset)
            case .addressAdded: break
            }
        }
        for (group, offsets) in removed { putBack(offsets, of: group) }
    }

    private func held(_ prefix: Prefix, on interface: Int32) -> (group: Int, offset: Int)? {
        for index in groups.indices where groups[index].place == .here {
            guard let offset = groups[index].offsets[prefix.address], !groups[index].withdrawn.contains(offset)
            else { continue }
            let target = groups[index].targets[offset]
            return target.prefix == prefix && target.link?.index == interface ? (index, offset) : nil
        }
        return nil
    }

    /// The switches of an interface that holds virtual addresses, before the first claim: without the first, losing one
    /// address of a prefix takes the others along; without the second, an address on lo would still answer ARP.
    private mutating func prepare(_ index: Int) {
        for target in groups[index].targets {
            guard let name = target.link?.name, prepared.insert(name).inserted else { continue }
            for wanted in ["promote_secondaries", "arp_ignore"] {
                set("net/ipv4/conf/\(name)/\(wanted)", to: "1")
            }
        }
    }

    private func set(_ name: String, to value: String) {
        do throws(SysctlError) {
            let old = try Sysctl.read(name)
            guard old != value else { return }
            guard sysctl == .manage else {
                ports.board.warnings.append("\(name) is \(old) and should be \(value)")
                return
            }
            try Sysctl.write(name, value)
            ports.inform("set \(name) to \(value), it was \(old)")
        } catch {
            ports.board.warnings.append("\(error)")
        }
    }

    /// The peer as a permanent neighbour: after a partition its first heartbeat needs no ARP.
    mutating func hold(_ mac: MACAddress, of path: Int) {
        guard peers.indices.contains(path) else { return }
        do throws(NetlinkError) {
            guard let interface = try route.interfaceForConnectedRoute(to: peers[path].peer) else { return }
            try route.addPermanentNeighbour(peers[path].peer, mac: mac, interface: interface)
        } catch {
            ports.say("\(error)")
        }
    }
}
