import Addresses
import Balancing
import Settings
import Testing

@Suite struct PlanTests {
    let web = tcp("192.0.2.10:80")
    let first = endpoint("10.1.0.21:80")
    let second = endpoint("10.1.0.22:80")

    private func table(_ servers: [Endpoint: ServerOptions]) -> Table {
        Table(services: [web: TableService(servers: servers)])
    }

    @Test func `the new server comes before the old one goes`() {
        let options = ServerOptions(forwarding: .dr)
        #expect(
            plan(from: table([first: options]), to: table([second: options]), owned: [])
                == [.addServer(second, options, of: web), .removeServer(first, of: web)])
    }

    @Test func `another forwarding method is an edit`() {
        let steps = plan(
            from: table([first: ServerOptions(forwarding: .nat)]), to: table([first: ServerOptions(forwarding: .tun)]),
            owned: [])
        #expect(steps == [.editServer(first, ServerOptions(forwarding: .tun), of: web)])
    }

    @Test func `a server is raised before another is lowered`() {
        let up = ServerOptions(forwarding: .dr, weight: 1)
        let down = ServerOptions(forwarding: .dr, weight: 0)
        let steps = plan(from: table([first: up, second: down]), to: table([first: down, second: up]), owned: [])
        #expect(steps == [.editServer(second, up, of: web), .editServer(first, down, of: web)])
    }

    @Test func `what was edited behind our back is put right`() {
        var held = table([first: ServerOptions(forwarding: .dr)])
        held.services[web]?.options.flags = 0x4
        let desired = table([first: ServerOptions(forwarding: .dr)])
        #expect(plan(from: held, to: desired, owned: []) == [.editService(web, ServiceOptions())])
    }

    @Test func `servers of a service that could not be added are not tried`() {
        let desired = table([first: ServerOptions(forwarding: .dr)])
        let steps = plan(from: Table(), to: desired, owned: [])
        #expect(dependents(of: [steps[0]], in: steps, from: Table()) == [steps[1]])
    }

    @Test func `the last server stays while its successor is refused`() {
        let options = ServerOptions(forwarding: .dr)
        let held = table([first: options])
        let steps = plan(from: held, to: table([second: options]), owned: [])
        #expect(dependents(of: [steps[0]], in: steps, from: held) == [steps[1]])
    }

    @Test func `a dead server goes although another one is refused`() {
        let options = ServerOptions(forwarding: .dr)
        let third = endpoint("10.1.0.23:80")
        let held = table([first: options, second: options])
        let steps = plan(from: held, to: table([second: options, third: options]), owned: [])
        #expect(dependents(of: [steps[0]], in: steps, from: held).isEmpty)
    }

    @Test(
        arguments: [
            (Step.addService(tcp("192.0.2.10:80"), ServiceOptions()), StepRefusal.exists),
            (.editService(tcp("192.0.2.11:80"), ServiceOptions()), .noService),
            (.removeService(tcp("192.0.2.11:80")), .noService),
            (.addServer(endpoint("10.1.0.21:80"), ServerOptions(forwarding: .nat), of: tcp("192.0.2.10:80")), .exists),
            (
                .addServer(endpoint("10.1.0.21:80"), ServerOptions(forwarding: .nat), of: udp("192.0.2.10:80")),
                .noService
            ),
            (.addServer(endpoint("[::1]:80"), ServerOptions(forwarding: .nat), of: tcp("192.0.2.10:80")), .otherFamily),
            (
                .addServer(
                    endpoint("10.1.0.22:80"), ServerOptions(forwarding: .nat, weight: 1 << 31), of: tcp("192.0.2.10:80")
                ),
                .outOfRange
            ),
            (
                .addServer(
                    endpoint("10.1.0.22:80"), ServerOptions(forwarding: .tun, tunnel: Tunnel(type: 1)),
                    of: tcp("192.0.2.10:80")),
                .noTunnelPort
            ),
            (
                .addServer(
                    endpoint("10.1.0.22:80"), ServerOptions(forwarding: .nat, lowerThreshold: 1),
                    of: tcp("192.0.2.10:80")
                ),
                .outOfRange
            ),
            (.addService(tcp("[2001:db8::10]:80"), ServiceOptions(persistence: 60, netmask: 129)), .noMask),
            (
                .editServer(endpoint("10.1.0.22:80"), ServerOptions(forwarding: .nat), of: tcp("192.0.2.10:80")),
                .noServer
            ),
            (.removeServer(endpoint("10.1.0.22:80"), of: tcp("192.0.2.10:80")), .noServer),
            (.removeServer(endpoint("10.1.0.22:80"), of: udp("192.0.2.10:80")), .noService),
        ])
    func `a table refuses what the kernel refuses`(step: Step, refusal: StepRefusal) {
        let before = table([first: ServerOptions(forwarding: .dr)])
        var table = before
        #expect(throws: refusal) { try table.apply(step) }
        #expect(table == before)
    }

    @Test func `a digest is the same on every machine`() {
        #expect(table([first: ServerOptions(forwarding: .dr)]).digest == 0x0985_7E1E_1525_31DF)
        #expect(Table().digest == 0)
    }
}
