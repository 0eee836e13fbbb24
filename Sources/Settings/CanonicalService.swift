import Addresses

extension ServiceSettings {
    /// Everything that it says, below `services.NAME`.
    func write(to page: inout EntryPage) {
        page.turn(to: "services.", name)
        if let group { page.add(".group", group) }
        if listens.count == 1, case .endpoint(let transport, let endpoint) = listens[0], endpoint.port > 0 {
            page.begin(".listen.")
            page.put(transport.rawValue)
            page.put("://")
            page.put(endpoint.description)
            page.list()
        } else {
            for range in listens.ranges {
                page.begin(".listen.")
                page.put(range)
                page.list()
            }
        }
        page.add(".scheduler", scheduler.rawValue)
        writeOptions(to: &page)
        check.write(to: &page)
        page.add(".on_down", onDown.rawValue)
        page.add(".verdicts", verdicts.rawValue)
        writeQuorum(to: &page)
        if let slowStart { page.add(".slow_start", slowStart) }
        if let damping { page.add(".flap_damping", "\(damping)") }
        if let passive { page.add(".passive", "\(passive)") }
        for server in servers {
            page.begin(".servers.")
            page.put(server.text)
            page.divide()
            page.put(server)
            page.end()
            if let check = server.check { page.below(".servers.", server.text) { check.write(to: &$0) } }
        }
        writeFallback(to: &page)
    }

    private func writeQuorum(to page: inout EntryPage) {
        guard let quorum else { return }
        page.add(".quorum", "\(quorum.amount)")
        page.add(".hysteresis", quorum.hysteresis)
        page.add(".too_few", quorum.tooFew.rawValue)
    }

    private func writeFallback(to page: inout EntryPage) {
        switch fallback {
        case nil: break
        case .local: page.add(".fallback", "local")
        case .server(let server):
            page.begin(".fallback")
            page.divide()
            page.put(server.text)
            page.put(", ")
            page.put(server)
            page.end()
            if let check = server.check { page.below(".fallback", "") { check.write(to: &$0) } }
        }
    }

    private func writeOptions(to page: inout EntryPage) {
        if !flags.isEmpty {
            for flag in SchedulerFlag.allCases where flags.contains(flag) {
                page.begin(".flags.")
                page.put(flag.rawValue)
                page.list()
            }
        }
        if let persistence { page.add(".persistence", "\(persistence)s") }
        if let mask = persistenceMask.v4 {
            page.add(".persistence_netmask.ipv4", IPv4Address(number: mask).description)
        }
        if let length = persistenceMask.v6 { page.add(".persistence_netmask.ipv6", length) }
        if let persistenceEngine { page.add(".persistence_engine", persistenceEngine.rawValue) }
        if isOnePacket { page.add(".one_packet", "true") }
        if isMasqueraded { page.add(".masquerade", "true") }
    }
}

extension EntryPage {
    /// Ends an entry that says nothing but that its path is listed.
    fileprivate mutating func list() {
        divide()
        put(listed)
        end()
    }

    mutating func add(_ name: StaticString, _ duration: Duration) {
        let (number, unit) = DurationText.split(duration)
        begin(name)
        divide()
        put(Int(number))
        put(unit)
        end()
    }

    /// What a server has besides its endpoint.
    fileprivate mutating func put(_ server: ServerSettings) {
        put(server.forwarding.rawValue)
        put(", weight ")
        put(Int(server.weight))
        if server.upper > 0 { put(", upper \(server.upper)" as String) }
        if server.lower > 0 { put(", lower \(server.lower)" as String) }
        guard let tunnel = server.tunnel else { return }
        put(", tunnel \(tunnel.kind.rawValue)" as String)
        if let port = tunnel.port { put(" to port \(port)" as String) }
        put(" with \(tunnel.checksum.rawValue) checksum" as String)
    }
}
