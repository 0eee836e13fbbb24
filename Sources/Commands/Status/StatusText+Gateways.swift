import Control

extension StatusText {
    /// The routers that groups should reach, and whether they answer.
    var gateways: String {
        var table = TextTable([
            ("GATEWAY", .left), ("GROUP", .left), ("INTERFACE", .left), ("STATE", .left), ("FOR", .right),
            ("ROUND TRIP", .right),
        ])
        for gateway in status.gateways ?? [] {
            let state: TextTable.Cell =
                switch gateway.state {
                case .answers: .init("answers", .green)
                case .silent: .init("silent", .red)
                case .unknown: .init("not known yet", .yellow)
                }
            table.add([
                .init(gateway.address), .init(gateway.groups.joined(separator: ", ")), .init(gateway.interface), state,
                .init(Words.duration(now - gateway.since)), .init(gateway.roundTripMS.map(Words.milliseconds) ?? ""),
            ])
        }
        return table.text(style)
    }
}
