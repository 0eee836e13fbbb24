import Addresses
import Settings

extension Reading {
    mutating func metrics(_ node: Node?) -> MetricsSettings? {
        guard let node else { return nil }
        note(Place(.metrics), node.mark)
        guard let fields = fields(node, Schema.metrics), let listen = required(fields, "listen", of: "metrics") else {
            return nil
        }
        return take(listen, Place(.metrics, nil, "listen")) { reading, node in
            guard case .mapping = node.content else {
                return reading.metricsEndpoint(node).map { MetricsSettings.everywhere($0) }
            }
            return reading.metricsEndpoints(node).map { MetricsSettings.at($0) }
        }
    }

    private mutating func metricsEndpoints(_ node: Node) -> [String: Endpoint]? {
        guard let entries = entries(node, "a mapping of addresses with ports by director") else { return nil }
        var endpoints: [String: Endpoint] = [:]
        for entry in entries {
            guard let name = name(entry.key, "the name of a director"), let endpoint = metricsEndpoint(entry.value)
            else { return nil }
            endpoints[name] = endpoint
        }
        return endpoints
    }

    private mutating func metricsEndpoint(_ node: Node) -> Endpoint? {
        guard let (address, port) = endpoint(node, "metrics") else { return nil }
        guard let port else {
            diagnosis.error(
                node.mark, "\(node.kind) has no port; metrics want one",
                suggestion: "\(Endpoint(address: address, port: 9640))")
            return nil
        }
        return Endpoint(address: address, port: port)
    }
}
