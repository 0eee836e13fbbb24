import Addresses

extension CheckSettings {
    func write(to page: inout EntryPage) {
        writeKind(to: &page)
        writeTimes(to: &page)
        if initial != .down { page.add(".check.initial", initial.rawValue) }
        writeWay(to: &page)
        agent?.write(to: &page)
    }

    private func writeKind(to page: inout EntryPage) {
        switch kind {
        case .none: page.add(".check", "none")
        case .tcp: page.add(".check", "tcp")
        case .exchange(let exchange):
            page.add(".check.tcp", listed)
            exchange.write(to: &page)
        case .tls(let tls, let exchange):
            page.add(".check.tls", listed)
            tls.write(to: &page)
            exchange.write(to: &page)
        case .dns(let dns): dns.write(to: &page)
        case .redis(let redis): redis.write(to: &page)
        case .udp(let exchange):
            page.add(".check.udp", listed)
            exchange.write(to: &page)
        case .ntp: page.add(".check", "ntp")
        case .ping: page.add(".check", "ping")
        case .mysql(let mysql):
            mysql.write(to: &page)
            mysql.tls?.write(to: &page)
        case .postgresql(let postgresql):
            postgresql.write(to: &page)
            postgresql.tls?.write(to: &page)
        case .ldap(let ldap): ldap.write(to: &page)
        case .radius(let radius): radius.write(to: &page)
        case .sip(let sip): sip.write(to: &page)
        case .session(let session):
            session.write(to: &page)
            session.tls?.write(to: &page)
        case .script(let script): script.write(to: &page)
        case .file(let file):
            page.add(".check.file", file.path.plain)
            if let newerThan = file.newerThan { page.add(".check.newer_than", newerThan) }
        case .http(let http):
            http.write(to: &page)
            http.tls?.write(to: &page)
        case .grpc(let grpc):
            grpc.write(to: &page)
            grpc.tls?.write(to: &page)
        }
    }

    private func writeTimes(to page: inout EntryPage) {
        page.add(".check.interval", interval)
        if let fastInterval { page.add(".check.fast_interval", fastInterval) }
        if let downInterval { page.add(".check.down_interval", downInterval) }
        page.add(".check.timeout", timeout)
        if jitter != CheckSettings().jitter { page.add(".check.jitter", "\(jitter)%") }
        page.add(".check.rise", rise)
        page.add(".check.fall", fall)
    }

    /// Where questions go, and how they get there.
    private func writeWay(to page: inout EntryPage) {
        if let port { page.add(".check.port", Int(port)) }
        if let address { page.add(".check.address", "\(address)") }
        if proxy != .none { page.add(".check.proxy", proxy.rawValue) }
        if mark > 0 { page.add(".check.mark", Int(mark)) }
        for (director, source) in sources.sorted(by: { $0.key < $1.key }) {
            page.begin(".check.source.")
            page.put(director)
            page.divide()
            page.put(source.all.map(\.description).joined(separator: ", "))
            page.end()
        }
        if usesDataPath { page.add(".check.data_path", "true") }
    }
}

extension Exchange {
    fileprivate func write(to page: inout EntryPage) {
        if !send.isEmpty { page.add(".check.send", ByteText.print(send)) }
        if let expect { page.add(".check.expect", expect.source.plain) }
    }
}

extension HTTPCheck {
    fileprivate func write(to page: inout EntryPage) {
        page.add(tls == nil ? ".check.http" : ".check.https", path.plain)
        page.addStatus(status)
        if let host { page.add(".check.host", host.plain) }
        if version != .one { page.add(".check.version", version.rawValue) }
        if method != .get { page.add(".check.method", method.rawValue) }
        for header in headers {
            page.begin(".check.headers.")
            page.put(header.name.plain)
            page.divide()
            switch header.value {
            case .text(let text): page.put(text.plain)
            case .secret(let file): page.put("file \(file.path.plain)" as String)
            }
            page.end()
        }
        if let text = body.text { page.add(".check.body", text.source.plain) }
        if let regex = body.regex { page.add(".check.body_regex", regex.source.plain) }
        if let json = body.json { page.add(".check.json", json.source.plain) }
        if let sha256 = body.sha256 { page.add(".check.sha256", ByteText.print(sha256)) }
    }
}

extension DNSCheck {
    fileprivate func write(to page: inout EntryPage) {
        page.add(".check.dns", "\(name)".plain)
        page.add(".check.type", type.rawValue)
        page.add(".check.rcode", code.rawValue)
        switch answer {
        case nil: break
        case .address(let address): page.add(".check.answer", "\(address)")
        case .name(let name): page.add(".check.answer", "\(name)".plain)
        case .text(let text): page.add(".check.answer", ByteText.print(text))
        }
    }
}

extension AgentSettings {
    fileprivate func write(to page: inout EntryPage) {
        page.add(".check.agent", "port \(port), every \(DurationText.print(interval))")
        if let address { page.add(".check.agent.address", "\(address)") }
        if !send.isEmpty { page.add(".check.agent.send", ByteText.print(send)) }
    }
}

extension ScriptCheck {
    fileprivate func write(to page: inout EntryPage) {
        page.add(".check.script", words.map(\.plain).joined(separator: " "))
        page.add(".check.user", user.plain)
        if arguments != .none { page.add(".check.arguments", arguments.rawValue) }
        if isDynamic { page.add(".check.dynamic", "true") }
    }
}

extension TLSCheck {
    fileprivate func write(to page: inout EntryPage) {
        let verify =
            switch authorities {
            case .none: "false"
            case .system: "true"
            case .file(let file): "by \(file.plain)"
            }
        page.add(".check.verify", verify)
        page.add(".check.warn_before", warnBefore)
        if let name { page.add(".check.sni", name.plain) }
        if let certificate { page.add(".check.certificate", certificate.plain) }
        if let key { page.add(".check.key", key.plain) }
    }
}
