import Addresses
import Balancing
import Glibc
import Netlink
import Settings

extension PlayedKernel.State {
    /// The datagrams that answer one with requests.
    mutating func answers(to datagram: ArraySlice<UInt8>) -> [[UInt8]] {
        if trouble.hasLostTable { (table, trouble.hasLostTable) = (Table(), false) }
        if trouble.silences > 0 {
            trouble.silences -= 1
            return []
        }
        let before = attempts.count
        var replies = Request.all(of: datagram).flatMap { answers(to: $0) }
        if trouble.lostAcknowledgements > 0, attempts.count > before {
            trouble.lostAcknowledgements -= 1
            return []
        }
        for index in replies.indices where trouble.cuts > 0 {
            trouble.cuts -= 1
            replies[index].removeLast(2)
        }
        return replies
    }

    private mutating func answers(to request: Request) -> [[UInt8]] {
        guard !trouble.isUnloaded else { return [request.end(ENOENT)] }
        switch request.command {
        case .listServices: return listing(request)
        case .listServers:
            let service = request.service.flatMap { table.services[$0] }
            let servers = (service?.servers ?? [:]).sorted { $0.key < $1.key }
            return dump(request, servers.compactMap { request.answer($0.key, $0.value, counts[$0.key]) })
        case .askService:
            guard let identity = request.service, let service = table.services[identity] else {
                return [request.end(ESRCH)]
            }
            return [request.answer(identity, service.options), request.end(0)]
        case .step(let step):
            let problem = carryOut(step)
            attempts.append(PlayedKernel.Attempt(step: step, time: .now, errno: problem))
            return problem != nil || request.wantsAnswer ? [request.end(problem ?? 0)] : []
        case .other: return [request.end(EOPNOTSUPP)]
        }
    }

    private mutating func carryOut(_ step: Step) -> Int32? {
        if let errno = trouble.refusals[step] { return errno }
        trouble.intrusion?(&table)
        trouble.intrusion = nil
        do throws(StepRefusal) {
            try table.apply(step)
            return nil
        } catch {
            return switch error {
            case .exists: EEXIST
            case .noService: ESRCH
            case .noServer: ENOENT
            case .otherFamily, .noTunnelPort, .noMask: EINVAL
            case .outOfRange: ERANGE
            }
        }
    }

    /// Part by part, and somebody else may write between two: the kernel goes on behind as many services as it gave
    /// already, whichever those were.
    private mutating func listing(_ request: Request) -> [[UInt8]] {
        listings += 1
        var (parts, given, list): ([[UInt8]], Int, [ServiceIdentity]) = ([], 0, identities)
        while given < list.count {
            let part = list[given...].prefix(Self.partLength)
            given += part.count
            parts.append(
                part.flatMap { identity in table.services[identity].map { request.answer(identity, $0.options) } ?? [] }
            )
            guard let interference = trouble.interference, interference.part == parts.count else { continue }
            interference.change(&table)
            trouble.interference = nil
            list = identities
        }
        return marked(parts) + [request.done]
    }

    private var identities: [ServiceIdentity] { table.services.keys.inServiceOrder() }

    private mutating func dump(_ request: Request, _ answers: [[UInt8]]) -> [[UInt8]] {
        let parts = stride(from: 0, to: answers.count, by: Self.partLength).map { start in
            answers[start..<min(start + Self.partLength, answers.count)].flatMap { $0 }
        }
        return marked(parts) + [request.done]
    }

    /// NLM_F_DUMP_INTR in the header of the first message, if so ordered.
    private mutating func marked(_ parts: [[UInt8]]) -> [[UInt8]] {
        guard trouble.interruptions > 0, !parts.isEmpty else { return parts }
        trouble.interruptions -= 1
        var parts = parts
        parts[0][6] |= UInt8(0x10)
        return parts
    }
}
