import Addresses
import Agreement
import Balancing
import Settings
import Simulation
import Testing

/// A table that is made anew only where something changed is the table that is made as a whole.
@Suite struct RenewTests {
    private static let settings: Settings = {
        let directors = [DirectorSettings(name: "lb1", addresses: []), DirectorSettings(name: "lb2", addresses: [])]
        let services = (0..<6).map { number in
            var service = ServiceSettings(
                name: "s\(number)", listens: [tcp("192.0.2.10:\(80 + number)"), tcp("192.0.2.11:\(80 + number)")],
                servers: (0..<4).map { server in
                    ServerSettings(
                        endpoint: endpoint("10.1.\(number).\(server + 1):80"), forwarding: .nat, weight: 9)
                })
            service.onDown = number.isMultiple(of: 2) ? .quiesce : .remove
            service.fallback = number == 3 ? nil : .local
            return service
        }
        return Settings(pair: PairSettings(name: "edge", keys: "/k", directors: directors), services: services)
    }()

    /// All that a table is made of besides the settings.
    private struct Knowledge {
        var verdicts = Verdicts()
        var advice: [ServerKey: Advice] = [:]
        var shortages: [String: Shortage] = [:]
        var shares: [ServerKey: WeightShare] = [:]

        /// - Returns: the service of which something else is known now.
        mutating func change(_ random: inout SplitMix64) -> String {
            let service = RenewTests.settings.services[Int.random(in: 0..<6, using: &random)]
            let key = ServerKey(
                service: service.name, server: service.servers[Int.random(in: 0..<4, using: &random)].endpoint)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let said = [nil, Advice(percent: 50), Advice(mode: .drain)]
                advice[key] = said[Int.random(in: 0...2, using: &random)]
            case 1:
                shortages[service.name] = [nil, .all, .fallback, .kept([key])][Int.random(in: 0...3, using: &random)]
            case 2: shares[key] = Bool.random(using: &random) ? WeightShare(part: 1, whole: 3) : nil
            default: verdicts[key] = Bool.random(using: &random)
            }
            return service.name
        }

        var table: Table {
            desired(RenewTests.settings, verdicts: verdicts, advice: advice, shortages: shortages, shares: shares)
        }

        func renew(_ table: inout Table, _ names: Set<String>) {
            table.renew(
                names, of: RenewTests.settings, verdicts: verdicts, advice: advice, shortages: shortages,
                shares: shares)
        }
    }

    @Test(arguments: 0..<20)
    func `a table made anew where something changed is the whole one`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var known = Knowledge()
        var table = known.table
        for turn in 0..<200 {
            let names = Set((0..<Int.random(in: 1...5, using: &random)).map { _ in known.change(&random) })
            known.renew(&table, names.union(["nobody's"]))
            #expect(table == known.table, "seed \(seed), \(turn)")
        }
    }

    @Test func `what is not named stays as it was`() {
        var known = Knowledge()
        var table = known.table
        let before = table
        known.verdicts[ServerKey(service: "s1", server: endpoint("10.1.1.1:80"))] = true
        known.renew(&table, ["s2"])
        #expect(table == before)
        known.renew(&table, ["s1"])
        #expect(table != before && table == known.table)
    }
}
