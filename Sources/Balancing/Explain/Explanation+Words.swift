internal import Addresses
internal import Settings

extension Explanation {
    /// The explanation in sentences, in the order in which the kernel looks.
    package var sentences: [String] {
        presentWords + [matchWords] + passingWords + templateWords + choiceWords
    }

    private var presentWords: [String] {
        guard let connection, let present else { return [] }
        let words =
            "the kernel has this connection, \(connection.stateWord), with \(connection.server), for "
            + "\(connection.expires) s more if nothing comes"
        return switch present {
        case .forwarded(let server): ["\(words): its packets go to \(server), whatever the scheduler would say"]
        case .dropped:
            [
                "\(words), but that server is not in the table: its packets are dropped without a word "
                    + "(net.ipv4.vs.expire_nodest_conn is 0)"
            ]
        case .forgotten: ["\(words), but that server is not in the table: its next packet ends it"]
        case .reopened(let server):
            ["\(words): its packets go to \(server), and what opens it anew is a new connection, as follows"]
        }
    }

    private var matchWords: String {
        guard let match else {
            return "no service has \(flow.transport.rawValue)://\(flow.target)"
        }
        return switch match.way {
        case .mark: "\(match.service) has it, by netfilter's mark, which is looked up first"
        case .port: "\(match.service) has it, by protocol, address and port"
        case .ftp:
            "\(match.service) has it: nothing has that port, so it may be the data of an FTP session"
        case .everyPort: "\(match.service) has it, as the service of every port, which is looked up last"
        }
    }

    private var passingWords: [String] {
        switch passing {
        case nil: []
        case .noService?: ["ip_vs lets it pass: this machine answers it itself, or forwards it"]
        case .fromFTPData?: ["ip_vs lets it pass: from port 20 comes the data of FTP servers, which is never balanced"]
        case .notPersistent?: ["ip_vs lets it pass: a service has only its own port unless it is persistent"]
        }
    }

    private var templateWords: [String] {
        guard passing == nil, let key, let options, let seconds = options.persistence else { return [] }
        if let engine = options.engine {
            return ["the persistence engine \(engine) keeps calls with their servers, which a flow does not show"]
        }
        guard let template else {
            return [
                "no template keeps \(client(key)) with a server yet; the first connection makes one for \(seconds) s"
            ]
        }
        guard let kept else {
            return [
                "a template keeps \(client(key)) with \(template.server.address), which takes nothing: it is ignored"
            ]
        }
        return [
            "a template keeps \(client(key)) with \(kept) for \(template.expires) s more, "
                + "whatever the scheduler would say"
        ]
    }

    private func client(_ key: TemplateKey) -> String {
        guard let mask = options?.netmask else { return "\(key.client)" }
        let length = key.client.family == .v4 ? mask.nonzeroBitCount : Int(mask)
        return "\(key.client)/\(length)"
    }

    private var choiceWords: [String] {
        guard let scheduling else { return [] }
        let choice =
            switch scheduling.choice {
            case .certain(let server): "a new connection goes to \(server)"
            case .now(let server): "a new connection would go to \(server) at this moment"
            case .open: "which of the candidates it is depends on what was balanced before"
            case .nobody: "a new connection gets none: it is dropped, and the client told that the port is unreachable"
            }
        return ["\(scheduling.manner): \(kept == nil ? choice : "not asked")"] + (kept == nil ? scheduling.doubts : [])
    }
}

extension Connection {
    /// Its state as the kernel lists it.
    package var stateWord: String {
        switch kind {
        case .tcp(let state): Self.tcpStates.first { $0.state == state }.map { "\($0.word)" } ?? "NONE"
        case .udp: "UDP"
        case .sctp(let number): Int(number) < Self.sctpStates.count ? "\(Self.sctpStates[Int(number)])" : "NONE"
        case .template(_, let isAssured): isAssured ? "ASSURED" : "NONE"
        }
    }
}
