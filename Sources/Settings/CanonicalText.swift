import Addresses

extension Settings {
    /// Everything that these settings say, in one fixed form: equal for equal settings, different for different ones.
    package var canonicalText: String {
        var lines = pair.canonicalLines
        for group in groups { lines += group.canonicalLines }
        for service in services { lines += service.canonicalLines }
        lines.append("log \(log.level.rawValue) \(log.format.rawValue) \(log.sink.rawValue)")
        if let metrics { lines.append("metrics \(metrics.listen)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// FNV-1a, 64 bits, of the canonical text (draft-eastlake-fnv, 5). It recognises differences between friends; it is
    /// no proof against somebody who looks for a second text.
    package var digest: UInt64 {
        canonicalText.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

extension PairSettings {
    fileprivate var canonicalLines: [String] {
        let interval = timing.interval.nanoseconds
        return [
            "pair \(name)", "keys \(keys.quoted)", "port \(port)", "timing \(interval) \(timing.misses)",
            "partition \(partitionPolicy.rawValue)", "sync \((sync?.interface ?? "").quoted)",
            "sysctl \(sysctl.rawValue)",
        ]
            + directors.map { director in
                let interfaces = director.interfaces.sorted { $0.key < $1.key }.map {
                    "\($0.key.quoted)=\($0.value.quoted)"
                }
                return "director \(director.name) \(director.addresses) \(interfaces.joined(separator: " "))"
            }
    }
}

extension GroupSettings {
    fileprivate var canonicalLines: [String] {
        let preemption =
            switch preempt {
            case .never: "never"
            case .after(let delay): "\(delay.nanoseconds)"
            }
        let head = "group \(name) \((interface ?? "").quoted) \((prefer ?? "").quoted) \(preemption) \(gateways)"
        return [head] + addresses.map { "address \($0.prefix) \(($0.interface ?? "").quoted)" }
    }
}

extension ServiceSettings {
    fileprivate var canonicalLines: [String] {
        let persistence = persistence.map { "\($0)" } ?? "none"
        let head = "service \(name) \((group ?? "").quoted) \(scheduler.rawValue) \(persistence) \(onDown.rawValue)"
        var lines = [head, check.canonicalLine]
        lines += listens.map { listen in
            switch listen {
            case .endpoint(let transport, let endpoint): "listen \(transport.rawValue) \(endpoint)"
            case .mark(let mark, let family): "listen mark \(mark) \(family.rawValue)"
            }
        }
        lines += servers.map { "server \($0.canonicalText)" }
        switch fallback {
        case nil: break
        case .local: lines.append("fallback local")
        case .server(let server): lines.append("fallback \(server.canonicalText)")
        }
        return lines
    }
}

extension ServerSettings {
    fileprivate var canonicalText: String { "\(endpoint) \(forwarding.rawValue) \(weight)" }
}

extension CheckSettings {
    fileprivate var canonicalLine: String {
        let kind =
            switch kind {
            case .none: "none"
            case .tcp: "tcp"
            case .http(let http):
                "http \(http.path.quoted) \((http.host ?? "").quoted) "
                    + http.status.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
            }
        return "check \(kind) \(interval.nanoseconds) \(timeout.nanoseconds) \(rise) \(fall) \(port ?? 0)"
    }
}

extension String {
    /// Between quotes, with what could end them marked, so that no two lists of texts look the same.
    fileprivate var quoted: String {
        "\"" + flatMap { "\\\"\n".contains($0) ? "\\u\($0.unicodeScalars.map(\.value))" : String($0) } + "\""
    }
}
