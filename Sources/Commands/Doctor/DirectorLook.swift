import Addresses
import Linux
import Netlink
import Sealing
import Settings

/// Looks at this machine for the doctor.
enum DirectorLook {
    static func facts(_ settings: Settings) throws(NetlinkError) -> DirectorFacts {
        var route = try RouteSocket()
        var facts = DirectorFacts()
        facts.links = try route.links()
        facts.addresses = try route.addresses()
        facts.wayOut = try route.routes(.v4).first(where: \.isDefault)?.interface
        for server in Set(settings.services.flatMap(\.servers).map(\.endpoint.address)) {
            facts.routes[server] = try route.route(to: server)
        }
        if !settings.services.isEmpty { facts.hasIPVS = hasIPVS }
        facts.switches = SwitchValues(reading: switches(of: facts.links))
        facts.modules = KernelModules.present
        facts.availableModules = KernelModules.installed
        facts.running = Set(
            Doctor.programs.filter { name in
                var search = ProcessSearch(name: name)
                return search.isThere()
            })
        facts.isClockSynchronised = Clock.isSynchronised
        facts.keyProblem = keyProblem(settings.pair.keys)
        facts.udpPorts = BoundPorts.udp
        return facts
    }

    private static var hasIPVS: Bool {
        do {
            _ = try IPVSSocket()
            return true
        } catch {
            return false
        }
    }

    private static func switches(of links: [Link]) -> [String] {
        InterfaceSwitch.paths([.reverse, .redirect], of: links) + [
            "net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/netfilter/nf_conntrack_max",
            "net/netfilter/nf_conntrack_count", "net/ipv4/vs/pmtu_disc", "net/ipv4/vs/conntrack",
            "net/ipv4/neigh/default/gc_thresh3",
            "net/ipv6/neigh/default/gc_thresh3",
        ]
    }

    private static func keyProblem(_ path: String) -> String? {
        do throws(KeyFileError) {
            _ = try KeyRing.load(path: path)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
