import Addresses
import Election
import Heartbeat

// How a fault begins and ends.
extension Fate {
    mutating func begin(_ index: Int) {
        let fault = faults[index]
        lasting.insert(index)
        pair.trace.add(pair.now, nil, "--- \(fault.kind.words), \(fault.seat.name), for \(fault.length)")
        pair.oracle.disturb(now: pair.now)
        switch fault.kind {
        case .crash: pair.crash(fault.seat)
        case .reboot: pair.reboot(fault.seat)
        case .stall: pair.stall(fault.seat, for: fault.length, sparesHand: fault.variant % 2 == 0)
        case .overflow:
            pair.directors[fault.seat.rawValue].inbox.room = 1 + fault.variant
            pair.stall(fault.seat, for: fault.length, sparesHand: fault.variant % 2 == 0)
        case .suspension: pair.suspend(fault.seat, for: fault.length)
        case .handover, .hand: applyConditions()
        case .stop: pair.terminate(fault.seat)
        case .restart: pair.restart(fault.seat)
        case .unfitness: pair.setFitness(0, of: fault.seat, group: fault.group)
        case .replay, .forgery: break
        case .cut, .oneWayCut, .pathCut, .loss, .disorder, .isolation, .carrier, .gateway: applyConditions()
        case .witness:
            applyConditions()
            if fault.variant == 2 { pair.restartWitness() }
        case .ailment: pair.setScore(UInt8(1 + 98 * fault.strength), of: fault.seat)
        case .foreignClaim: claim(fault)
        }
        if fault.kind == .handover || fault.kind == .hand { ask(index) }
        if [.stop, .unfitness, .carrier].contains(fault.kind) { askedAt = pair.now }
    }

    mutating func end(_ index: Int) {
        let fault = faults[index]
        lasting.remove(index)
        pair.trace.add(pair.now, nil, "--- no more \(fault.kind.words)")
        pair.oracle.disturb(now: pair.now)
        switch fault.kind {
        case .crash, .reboot, .stop, .restart: pair.start(fault.seat)
        case .overflow: pair.directors[fault.seat.rawValue].inbox.room = pair.options.inboxRoom
        case .unfitness:
            if before[fault.group] == fault.seat, holder(of: fault.group) == fault.seat {
                restsUntil = pair.now + .seconds(12) + pair.options.takeoverTime * 2
            }
            pair.setFitness(100, of: fault.seat, group: fault.group)
            askedAt = pair.now
        case .ailment: pair.setScore(100, of: fault.seat)
        default: applyConditions()
        }
    }

    /// The holder is asked to give, or the other asks for the group. A handover may begin in a moment of silence.
    private mutating func ask(_ index: Int) {
        let fault = faults[index]
        askedAt = pair.now
        let holder = holder(of: fault.group) ?? .lb1
        let seat = fault.variant < 2 ? holder : holder.other
        pair.handOver(group: fault.group, at: seat)
        guard fault.kind == .handover, isBlinking(fault) else { return }
        pair.run(for: random.times(0.05, 0.9, pair.options.interval))
        faults[index].hasBlinked = true
        applyConditions()
    }

    private func isBlinking(_ fault: Fault) -> Bool {
        fault.strength < 0.5 && pair.options.harmless != nil && !fault.hasBlinked
    }

    /// Wires and hands are as all that lasts wants them.
    private mutating func applyConditions() {
        for seat in Seat.allCases {
            for path in 0..<pair.options.paths {
                var weather = pair.wires.fair
                for fault in lasting.sorted().map({ faults[$0] }) {
                    spoil(&weather, from: seat, path: path, fault)
                }
                pair.setWeather(from: seat, path: path) { $0 = weather }
            }
            var fortune = HandFortune()
            fortune.time = pair.options.handTime
            for fault in lasting.sorted().map({ faults[$0] }) where fault.kind == .hand && fault.seat == seat {
                spoil(&fortune, fault)
            }
            if fortune != pair.directors[seat.rawValue].hand.fortune { pair.setFortune(seat) { $0 = fortune } }
            applySurroundings(of: seat)
        }
    }

    private mutating func applySurroundings(of seat: Seat) {
        let faults = lasting.sorted().map { self.faults[$0] }
        func has(_ kind: FaultKind, where isSo: (Fault) -> Bool = { _ in true }) -> Bool {
            faults.contains { $0.kind == kind && isSo($0) }
        }
        let isIsolated = has(.isolation) { $0.seat == seat }
        // The router fails for one director, or for both.
        let hasNoGateway = has(.gateway) { $0.seat == seat || $0.variant % 2 == 0 }
        pair.setSurroundings(
            of: seat, carrier: !has(.carrier) { $0.seat == seat }, neighbours: !isIsolated,
            gateway: !isIsolated && !hasNoGateway)
        let hasNoWitness = has(.witness) { $0.variant == 1 || $0.variant == 0 && $0.seat == seat }
        let isSlow = has(.witness) { $0.variant == 3 && ($0.seat == seat || $0.strength < 0.5) }
        let slow = Duration.zero...(pair.options.takeoverTime * 3 / 2)
        pair.setWitness(of: seat, isReached: !isIsolated && !hasNoWitness, delay: isSlow ? slow : nil)
    }

    /// A stranger, or the peer's own link-layer address.
    private mutating func claim(_ fault: Fault) {
        let mac = fault.variant == 0 ? fault.seat.other.mac : MACAddress(number: 0x0A_BC_DE_00_00_00)
        for _ in 0..<20 { pair.claimForeign(group: fault.group, by: mac, seenBy: fault.seat) }
    }

    private func spoil(_ weather: inout Weather, from seat: Seat, path: Int, _ fault: Fault) {
        let isBothWays = fault.variant % 2 == 0
        guard fault.allPaths || fault.paths.contains(path) else { return }
        switch fault.kind {
        case .cut, .isolation: weather.isCut = true
        case .oneWayCut where seat == fault.seat: weather.isCut = true
        case .pathCut where seat == fault.seat || isBothWays: weather.isCut = true
        case .handover where isBlinking(fault): weather.isCut = true
        case .loss where seat == fault.seat || isBothWays:
            weather.loss = max(weather.loss, 0.05 + 0.5 * fault.strength)
        case .disorder where seat == fault.seat || isBothWays:
            weather.duplication = 0.5 * fault.strength
            weather.delay = pair.options.delay.lowerBound...longestDelay(fault)
        default: break
        }
    }

    /// Some delays look like a death, most do not.
    func longestDelay(_ fault: Fault) -> Duration {
        let options = pair.options
        let harmless = options.harmless ?? options.interval
        let longest = isHarmless(fault) ? harmless * 9 / 10 : options.takeoverTime * 3 / 2
        return max(options.delay.upperBound, longest)
    }

    func isHarmless(_ fault: Fault) -> Bool { fault.strength < 0.8 && pair.options.harmless != nil }

    private func spoil(_ fortune: inout HandFortune, _ fault: Fault) {
        switch fault.variant {
        case 0: fortune.claimFailure = 1
        case 1:
            fortune.moveFailure = fault.strength
            fortune.releaseFailure = fault.strength
        case 2: fortune.time = pair.options.handTime.lowerBound...(pair.options.handPatience * 3 / 2)
        default: fortune.vanishing = fault.strength
        }
    }

    /// What an adversary puts into a director's sockets.
    mutating func strike(_ fault: Fault) {
        let isReflected = fault.kind == .forgery && random.chance(0.2)
        let tape = pair.tapes[(isReflected ? fault.seat.other : fault.seat).rawValue].datagrams
        guard !tape.isEmpty else { return }
        for _ in 0..<(1 + random.index(below: 4)) {
            var datagram = random.pick(tape)
            datagram.origin = fault.kind == .replay ? .recording : .forger
            if fault.kind == .forgery, !isReflected { forge(&datagram.bytes) }
            pair.inject(datagram, to: fault.seat)
        }
    }

    private mutating func forge(_ bytes: inout [UInt8]) {
        switch random.index(below: 4) {
        case 0: bytes.removeLast(1 + random.index(below: bytes.count))
        case 1: bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: random.index(below: 1400))
        case 2: for place in bytes.indices.dropFirst(20) { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        default: break
        }
        for _ in 0..<(1 + random.index(below: 3)) where !bytes.isEmpty {
            bytes[random.index(below: bytes.count)] ^= 1 << UInt8(random.index(below: 8))
        }
    }
}
