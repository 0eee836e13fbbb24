package import Addresses
package import Settings

extension Table {
    /// A number that is the same for equal tables, on every machine and in every run, and different for others but
    /// by chance. It guards against drift, not against forgery.
    ///
    /// The sum of the fingerprints of the services and of their servers, so their order does not matter. It is made
    /// for every reading of the kernel's table: of numbers, not of text.
    package var digest: UInt64 {
        services.reduce(0) { sum, entry in
            var name = FieldPrint()
            name.add(entry.key)
            var own = name
            own.add(entry.value.options)
            return entry.value.servers.reduce(sum &+ own.value) { sum, server in
                var print = name
                print.add(server.key)
                print.add(server.value)
                return sum &+ print.value
            }
        }
    }

    /// What the table says, a chapter for each service, in the words of ipvsadm.
    package var chapters: [Chapter] {
        TableText.sorted(self).map { identity, service in
            let name = "\(identity)"
            let options = TableText.words(identity, service.options)
            return Chapter(
                name,
                [Entry(name, options)]
                    + TableText.sorted(service).map { server, options in
                        Entry("\(name) \(server)", TableText.words(identity, server, options))
                    })
        }
    }
}

extension TableText {
    /// All that there is to say of a service but its name: `wlc -p 300`.
    package static func words(_ identity: ServiceIdentity, _ options: ServiceOptions) -> String {
        rule(identity, options).from(" -s ")
    }

    /// The same of a server: `-g -w 1`.
    package static func words(_ identity: ServiceIdentity, _ server: Endpoint, _ options: ServerOptions) -> String {
        let rule = rule(identity, server, options).from(" -r \(server) ")
        let hasLimits = options.upperThreshold != 0 || options.lowerThreshold != 0
        return hasLimits ? rule + " -x \(options.upperThreshold) -y \(options.lowerThreshold)" : rule
    }
}

extension String {
    /// What stands behind the first place of `mark`, without a blank before it.
    fileprivate func from(_ mark: String) -> String {
        guard let range = firstRange(of: mark) else { return self }
        return String(self[range.upperBound...])
    }
}

/// FNV-1a, 64 bits (draft-eastlake-fnv, 5), of fields in a fixed order, numbers with the most significant byte first.
private struct FieldPrint {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    mutating func add(_ number: UInt16) {
        add(UInt8(truncatingIfNeeded: number >> 8))
        add(UInt8(truncatingIfNeeded: number))
    }

    mutating func add(_ number: UInt32) {
        add(UInt16(truncatingIfNeeded: number >> 16))
        add(UInt16(truncatingIfNeeded: number))
    }

    mutating func add(_ number: UInt64) {
        add(UInt32(truncatingIfNeeded: number >> 32))
        add(UInt32(truncatingIfNeeded: number))
    }

    mutating func add(_ number: UInt32?) {
        add(UInt8(number == nil ? 0 : 1))
        if let number { add(number) }
    }

    /// Ended by a zero byte, which no name of the kernel's has.
    mutating func add(_ text: String) {
        value = textDigest(text, after: value)
        add(UInt8(0))
    }

    mutating func add(_ address: IPAddress) {
        switch address {
        case .v4(let address):
            add(UInt8(4))
            add(address.number)
        case .v6(let address):
            add(UInt8(6))
            add(address.high)
            add(address.low)
        }
    }

    mutating func add(_ endpoint: Endpoint) {
        add(endpoint.address)
        add(endpoint.port)
    }

    mutating func add(_ service: ServiceIdentity) {
        switch service {
        case .endpoint(let transport, let endpoint):
            add(UInt8(transport.number))
            add(endpoint)
        case .mark(let mark, let family):
            add(UInt8(0))
            add(mark)
            add(UInt8(family == .v4 ? 4 : 6))
        }
    }

    /// Begins unlike any server, whose first byte is its family.
    mutating func add(_ options: ServiceOptions) {
        add(UInt8(0))
        add(options.scheduler)
        add(options.persistence)
        add(options.netmask)
        add(options.engine ?? "")
        add(options.flags)
    }

    mutating func add(_ options: ServerOptions) {
        add(options.forwarding.rawValue)
        add(options.weight)
        add(options.upperThreshold)
        add(options.lowerThreshold)
        add(options.tunnel.type)
        add(options.tunnel.port)
        add(options.tunnel.flags)
    }
}
