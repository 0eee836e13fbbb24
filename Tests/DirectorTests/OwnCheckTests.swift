import Glibc
import Testing

extension VerdictTests {
    /// Three servers of one service on the client's machine: one by the service's check, one by HTTP on another port,
    /// and one that is not looked at and where nobody is.
    private func variedPair() throws -> Namespaces {
        let lab = try Namespaces()
        let times = "interval: 500ms, timeout: 400ms, rise: 1, fall: 2"
        try lab.write(
            Namespaces.configuration(lab.folder) + """
                defaults: {check: {\(times)}}
                services:
                  - name: shop
                    listen: tcp://192.0.2.10:80
                    forward: dr
                    servers:
                      - 192.0.2.101
                      - {address: 192.0.2.102, check: {http: /healthz, port: 8080}}
                      - {address: 192.0.2.103, check: none}

                """, to: "tandem.yaml")
        let program = """
            import http.server, os, socket
            class Health(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(503 if os.path.exists("\(lab.folder)/sick") else 200)
                    self.end_headers()
            plain = socket.socket()
            plain.bind(("192.0.2.101", 80))
            plain.listen()
            http.server.HTTPServer(("192.0.2.102", 8080), Health).serve_forever()
            """
        try lab.write(program, to: "listener.py")
        try lab.shell(
            """
            for server in 101 102 103; do ip -n \(lab.tag)-cl addr add 192.0.2.$server/24 dev eth0; done
            ip netns exec \(lab.tag)-cl python3 \(lab.folder)/listener.py >/dev/null 2>&1 &
            echo $! >\(lab.folder)/listener
            """)
        return lab
    }

    /// The verdicts as `tandem servers` has them, in the order of the file.
    private func states(_ lab: Namespaces) -> [Substring] {
        let lines = ((try? lab.tandem("servers", on: "lb1")) ?? "").split(separator: "\n").dropFirst()
        return lines.map { $0.split(separator: " ").dropFirst(4).first ?? "" }
    }

    @Test func `two servers of one service are checked in different ways, and a third one not at all`() throws {
        let lab = try variedPair()
        defer { try? unlisten(lab) }
        try lab.start("lb1")
        #expect(lab.eventually(30) { states(lab) == ["up", "up", "up"] }, "\(states(lab)) \(lab.log("lb1"))")
        let checks = try lab.tandem("checks 192.0.2.102", on: "lb1")
        #expect(checks.contains("asked at 192.0.2.102:8080: http: /healthz") && checks.contains("interval: 500ms"))
        #expect(try lab.tandem("checks 192.0.2.101", on: "lb1").contains("192.0.2.101:80 of shop: tcp, "))
        #expect(try lab.tandem("check 192.0.2.102", on: "lb1").contains("GET /healthz HTTP/1.1"))
        #expect(throws: (any Error).self) { try lab.tandem("check 192.0.2.103", on: "lb1") }

        try lab.write("", to: "sick")
        #expect(lab.eventually { states(lab) == ["up", "down", "up"] }, "\(states(lab))")
        #expect(try lab.tandem("servers", on: "lb1").contains("503"))
        #expect(lab.eventually { taking(lab, "lb1") == [101, 103] }, "\((try? lab.tandem("table", on: "lb1")) ?? "")")

        // A reload to one check for all: the first keeps its verdict, the second is asked at its own port at last.
        try lab.shell("sed -i 's/, check: {http.*}}$/}/; s/, check: none}/}/' \(lab.folder)/tandem.yaml")
        lab.signal("lb1", SIGHUP)
        #expect(lab.eventually { states(lab) == ["up", "down", "down"] }, "\(states(lab)) \(lab.log("lb1"))")
        #expect(try lab.tandem("checks 192.0.2.102", on: "lb1").contains("192.0.2.102:80 of shop: tcp, "))
        unlink("\(lab.folder)/sick")
    }
}
