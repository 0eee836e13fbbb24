import Addresses

extension Settings {
    func metricsViolations() -> [Violation] {
        let place = Place(.metrics, nil, "listen")
        switch metrics {
        case nil: return []
        case .everywhere(let endpoint)?:
            let owner = owners[endpoint.address]
            return listenViolations(endpoint, of: pair.directors.first { $0.name != owner }?.name, place)
        case .at(let endpoints)?:
            let names = pair.directors.map(\.name)
            return endpoints.sorted { $0.key < $1.key }.flatMap { name, endpoint in
                guard names.contains(name) else {
                    return [
                        Violation(
                            at: place, because: [Place(.directors)],
                            "metrics listen for director \(name), which the pair does not have",
                            suggestion: Words.nearest(to: name, among: names))
                    ]
                }
                return listenViolations(endpoint, of: name, place)
            }
        }
    }

    /// - Parameter director: whose address it cannot be if another's it is.
    private func listenViolations(_ endpoint: Endpoint, of director: String?, _ place: Place) -> [Violation] {
        let address = endpoint.address
        if !address.isUnspecified, let reason = address.unusable {
            return [Violation(at: place, "\(address) is \(reason); nobody can listen on it")]
        }
        if let owner = owners[address], let director, owner != director {
            return [
                Violation(
                    at: place, because: [Place(.directors)],
                    "\(address) is director \(owner)'s, and \(director) cannot listen on it; name both: "
                        + "listen: {\(owner): \(endpoint), \(director): ADDRESS:\(endpoint.port)}")
            ]
        }
        if let group = holders[address] {
            return [
                Violation(
                    .warning, at: place, because: [Place(.groups)],
                    "\(address) is a virtual address, of group \(group): only the director that holds it can be asked "
                        + "there")
            ]
        }
        return []
    }
}
