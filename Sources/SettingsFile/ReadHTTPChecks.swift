import Settings

/// What an HTTP check says of the request and the status.
extension Reading {
    mutating func webPath(_ node: Node) -> String? {
        guard let path = text(node, "a path like /healthz") else { return nil }
        guard path.hasPrefix("/"), path.utf8.count <= 2048, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            diagnosis.error(node.mark, "\(node.kind) is no path that begins with / and has no blanks or umlauts in it")
            return nil
        }
        return path
    }

    mutating func host(_ node: Node) -> String? {
        guard let host = text(node, "a host name") else { return nil }
        guard host.utf8.count <= 255, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            diagnosis.error(node.mark, "\(node.kind) is no host name")
            return nil
        }
        return host
    }

    mutating func status(_ node: Node, within bounds: ClosedRange<Int>) -> [ClosedRange<Int>]? {
        let nodes: [Node]
        if case .scalar = node.content {
            nodes = [node]
        } else {
            guard let found = list(node, "statuses like 200 or 200-299") else { return nil }
            nodes = found
        }
        let ranges = nodes.compactMap { statusRange($0, within: bounds) }
        return ranges.count == nodes.count && !ranges.isEmpty ? ranges : nil
    }

    private mutating func statusRange(_ node: Node, within limits: ClosedRange<Int>) -> ClosedRange<Int>? {
        guard let text = text(node, "a status like 200 or 200-299") else { return nil }
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(bounds.count), bounds.allSatisfy(limits.contains),
            bounds[0] <= bounds[bounds.count - 1]
        else {
            let range = "\(limits.lowerBound) to \(limits.upperBound)"
            diagnosis.error(node.mark, "\(node.kind) is no status or range of statuses within \(range)")
            return nil
        }
        return bounds[0]...bounds[bounds.count - 1]
    }
}

extension Reading {
    /// Those that a check says itself, or that would change what an answer means.
    private static let ownHeaders: Set = [
        "host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect", "upgrade", "te",
        "trailer",
    ]
    private static let secretHeaders: Set = ["authorization", "proxy-authorization", "cookie"]

    mutating func headers(_ node: Node) -> [HTTPCheck.Header]? {
        guard let entries = entries(node, "a mapping of headers like {X-Check: tandem}") else { return nil }
        guard (1...32).contains(entries.count) else {
            diagnosis.error(node.mark, "headers has \(entries.count) entries; it is 1 to 32")
            return nil
        }
        var names: Set<String> = []
        let headers = entries.compactMap { entry -> HTTPCheck.Header? in
            guard let name = headerName(entry.key), let header = header(name, entry) else { return nil }
            if names.insert(name.lowercased()).inserted { return header }
            diagnosis.error(entry.key.mark, "header \(entry.key.kind) stands here twice; case does not count")
            return nil
        }
        return headers.count == entries.count ? headers : nil
    }

    /// A token (RFC 9110 5.6.2) that is not the check's own.
    private mutating func headerName(_ node: Node) -> String? {
        guard let name = text(node, "the name of a header") else { return nil }
        let isToken =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        let lowercased = name.lowercased()
        if !isToken {
            diagnosis.error(node.mark, "\(node.kind) is no name of a header")
        } else if lowercased == "host" {
            diagnosis.error(node.mark, "the Host header has a key of its own: host")
        } else if Self.ownHeaders.contains(lowercased) {
            diagnosis.error(node.mark, "the header \(name) is the check's own; leave it out")
        } else {
            return name
        }
        return nil
    }

    private mutating func header(_ name: String, _ entry: Node.Entry) -> HTTPCheck.Header? {
        if case .mapping = entry.value.content {
            return secretFile(entry.value, of: "the header \(name)").map { HTTPCheck.Header(name, $0) }
        }
        if Self.secretHeaders.contains(name.lowercased()) {
            diagnosis.error(
                entry.key.mark,
                "the header \(name) names a file that holds its value; no secret stands here: {file: /path}")
            return nil
        }
        return headerValue(entry.value).map { HTTPCheck.Header(name, $0) }
    }

    private mutating func headerValue(_ node: Node) -> String? {
        guard let value = text(node, "the value of a header") else { return nil }
        if value.utf8.count <= 1024, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return value }
        diagnosis.error(node.mark, "\(node.kind) is no value of a header: at most 1,024 ASCII characters")
        return nil
    }

    mutating func condition(_ node: Node) -> JSONCondition? {
        guard let text = text(node, "a condition like \"status == ok\" for json") else { return nil }
        do {
            return try JSONCondition(text)
        } catch {
            diagnosis.error(node.mark, "\(node.kind) is no condition like \"status == ok\": \(error)")
            return nil
        }
    }

    /// 64 hexadecimal digits.
    mutating func digest(_ node: Node) -> [UInt8]? {
        guard let text = text(node, "64 hexadecimal digits for sha256") else { return nil }
        if let bytes = try? ByteText.parse("hex:" + text), bytes.count == 32, text.utf8.count == 64 { return bytes }
        diagnosis.error(node.mark, "\(node.kind) is no sha256; it is the 64 hexadecimal digits that sha256sum prints")
        return nil
    }
}
