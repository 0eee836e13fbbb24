extension MetricsText {
    static let tableParts: [Part] = [{ report, to in table(report.status.table, &to) }]

    /// What the directors think of the servers. Each family is a piece: there may be 5,000 servers in it.
    static let serviceParts: [Part] = [
        { report, to in services(report.status.services, &to) },
        { report, to in
            to.family("server_up", .gauge, "1: the server is up for both directors; absent: nobody knows yet")
            each(report.status.services) { service, server in
                guard server.verdict != .unknown else { return }
                to.sample(["service": service, "server": server.endpoint], server.verdict == .up)
            }
        },
        { report, to in
            to.family("server_disputed", .gauge, "1: the directors see the server differently")
            each(report.status.services) { service, server in
                to.sample(["service": service, "server": server.endpoint], server.isDisputed == true)
            }
        },
        { report, to in
            to.family("server_silent", .gauge, "1: new connections go to the server and nothing comes back")
            each(report.status.services) { service, server in
                to.sample(["service": service, "server": server.endpoint], server.silent != nil)
            }
        },
        { report, to in
            to.family("server_weight", .gauge, "The weight that the server should have while it is up")
            each(report.status.services) { service, server in
                let weight = server.drain != nil ? 0 : server.override?.weight ?? server.advised ?? server.weight
                to.sample(["service": service, "server": server.endpoint], Int(weight))
            }
        },
    ]

    /// What the kernel counts, of services that are not Tandem's as well: their label `service` is empty.
    static let counterParts: [Part] = [
        { report, to in
            to.family("ipvs_service_connections", .counter, "Connections to the service since it is in the table")
            for service in report.counters?.services ?? [] {
                to.sample(["service": service.label, "listen": service.listen], service.counters.connections)
            }
            traffic("ipvs_service_packets", "Packets of the service", report, &to, \.packetsIn, \.packetsOut)
            traffic("ipvs_service_bytes", "Bytes of the service", report, &to, \.bytesIn, \.bytesOut)
        },
        { report, to in
            gauge("ipvs_server_weight", "The weight that the kernel has for the server", report, &to) { $0.weight }
        },
        { report, to in
            gauge("ipvs_server_active_connections", "Established connections of the server", report, &to) { $0.active }
        },
        { report, to in
            gauge("ipvs_server_inactive_connections", "Other connections of the server", report, &to) { $0.inactive }
        },
        { report, to in
            gauge("ipvs_server_templates", "What keeps clients with the server", report, &to) { $0.persistent }
        },
        { report, to in
            to.family("ipvs_server_connections", .counter, "Connections to the server since it is in the table")
            each(report) { to.sample($0, $1.counters.connections) }
        },
        { report, to in
            serverTraffic("ipvs_server_packets", "Packets of the server", report, &to, \.packetsIn, \.packetsOut)
        },
        { report, to in
            serverTraffic("ipvs_server_bytes", "Bytes of the server", report, &to, \.bytesIn, \.bytesOut)
        },
    ]

    private static func table(_ table: TableStatus, _ to: inout MetricsWriter) {
        to.family("table_state", .gauge, "1 for the state that the kernel's table is in")
        to.states(TableStatus.State.allCases.map(\.rawValue), table.state.rawValue, as: "state")
        to.family("table_foreign_services", .gauge, "Services in the kernel's table that are not Tandem's")
        to.sample(table.foreign ?? 0)
        to.family("table_drifts", .counter, "Changes of the kernel's table by others that were found and put right")
        if let drifts = table.drifts { to.sample(drifts) }
        to.family("table_refusals", .counter, "Changes of its table that the kernel refused")
        if let refused = table.refused { to.sample(refused) }
    }

    private static func services(_ services: [ServiceStatus], _ to: inout MetricsWriter) {
        to.family("service_servers", .gauge, "Servers of the service by verdict")
        for service in services {
            for verdict in ServerStatus.Verdict.allCases {
                to.sample(
                    ["service": service.name, "verdict": verdict.rawValue],
                    service.servers.count { $0.verdict == verdict })
            }
        }
        to.family("service_disputed_servers", .gauge, "Servers of the service that the directors see differently")
        for service in services {
            to.sample(["service": service.name], service.servers.count { $0.isDisputed == true })
        }
    }

    private static func each(_ services: [ServiceStatus], _ body: (String, ServerStatus) -> Void) {
        for service in services {
            for server in service.servers { body(service.name, server) }
        }
    }

    private static func each(
        _ report: borrowing MetricsReport, _ body: (MetricsWriter.Labels, ServerCounters) -> Void
    ) {
        for service in report.counters?.services ?? [] {
            for server in service.servers {
                body(["service": service.label, "listen": service.listen, "server": server.endpoint], server)
            }
        }
    }

    private static func gauge(
        _ name: String, _ help: String, _ report: borrowing MetricsReport, _ to: inout MetricsWriter,
        _ value: (ServerCounters) -> UInt32
    ) {
        to.family(name, .gauge, help)
        each(report) { to.sample($0, Int(value($1))) }
    }

    private static func traffic(
        _ name: String, _ help: String, _ report: borrowing MetricsReport, _ to: inout MetricsWriter,
        _ inward: KeyPath<Counters, UInt64>, _ outward: KeyPath<Counters, UInt64>
    ) {
        to.family(name, .counter, help + "; out is counted with nat alone")
        for service in report.counters?.services ?? [] {
            let (label, listen) = (service.label, service.listen)
            to.sample(["service": label, "listen": listen, "direction": "in"], service.counters[keyPath: inward])
            to.sample(["service": label, "listen": listen, "direction": "out"], service.counters[keyPath: outward])
        }
    }

    private static func serverTraffic(
        _ name: String, _ help: String, _ report: borrowing MetricsReport, _ to: inout MetricsWriter,
        _ inward: KeyPath<Counters, UInt64>, _ outward: KeyPath<Counters, UInt64>
    ) {
        to.family(name, .counter, help + "; out is counted with nat alone")
        for service in report.counters?.services ?? [] {
            let (label, listen) = (service.label, service.listen)
            for server in service.servers {
                to.sample(
                    ["service": label, "listen": listen, "server": server.endpoint, "direction": "in"],
                    server.counters[keyPath: inward])
                to.sample(
                    ["service": label, "listen": listen, "server": server.endpoint, "direction": "out"],
                    server.counters[keyPath: outward])
            }
        }
    }
}

extension ServiceCounters {
    /// The configuration's name, or nothing.
    fileprivate var label: String { name ?? "" }
}
