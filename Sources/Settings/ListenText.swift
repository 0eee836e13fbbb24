internal import Addresses

extension Listen: CustomStringConvertible {
    /// As the configuration writes it: `tcp://192.0.2.10:80`, `fwmark://7`, `fwmark://7/ipv6`.
    package var description: String {
        switch self {
        case .endpoint(let transport, let endpoint): "\(transport.rawValue)://\(endpoint)"
        case .mark(let mark, .v4): "fwmark://\(mark)"
        case .mark(let mark, .v6): "fwmark://\(mark)/ipv6"
        }
    }
}

extension [Listen] {
    /// The same in the same order, with neighbours as ranges: `tcp://192.0.2.10:8000-8010`,
    /// `tcp://192.0.2.10-192.0.2.20:80`.
    package var ranges: [String] {
        var spans: [ListenSpan] = []
        for listen in self {
            guard let single = ListenSpan(listen) else {
                spans.append(ListenSpan(mark: "\(listen)"))
                continue
            }
            if spans.last?.ports(continueWith: single) == true {
                spans[spans.count - 1].lastPort = single.lastPort
            } else {
                spans.append(single)
            }
        }
        var joined: [ListenSpan] = []
        for span in spans {
            if joined.last?.addresses(continueWith: span) == true {
                joined[joined.count - 1].last = span.last
            } else {
                joined.append(span)
            }
        }
        return joined.map(\.text)
    }
}

/// Neighbours of one protocol: each address with each port.
private struct ListenSpan {
    var transport: TransportProtocol?
    var first: IPAddress?
    var last: IPAddress?
    var firstPort: UInt16 = 0
    var lastPort: UInt16 = 0
    var mark = ""

    init(mark: String) {
        self.mark = mark
    }

    init?(_ listen: Listen) {
        guard case .endpoint(let transport, let endpoint) = listen else { return nil }
        self.transport = transport
        (first, last) = (endpoint.address, endpoint.address)
        (firstPort, lastPort) = (endpoint.port, endpoint.port)
    }

    /// Port 0 stands for all ports and has no neighbours.
    func ports(continueWith next: ListenSpan) -> Bool {
        transport != nil && transport == next.transport && first == next.first && lastPort > 0
            && lastPort < UInt16.max && next.firstPort == lastPort + 1
    }

    func addresses(continueWith next: ListenSpan) -> Bool {
        guard transport != nil, transport == next.transport, firstPort == next.firstPort, lastPort == next.lastPort,
            let last, let other = next.first
        else { return false }
        return last.successor == other
    }

    var text: String {
        guard let transport, let first, let last else { return mark }
        let ports = firstPort == lastPort ? "\(firstPort)" : "\(firstPort)-\(lastPort)"
        let addresses = first == last ? "\(first)" : "\(first)-\(last)"
        return "\(transport.rawValue)://" + (first.family == .v4 ? addresses : "[\(addresses)]") + ":\(ports)"
    }
}
