import Addresses

extension Oracle {
    mutating func observe(_ view: View) {
        connectedSince = view.isConnected ? connectedSince ?? view.now : nil
        exclusiveSince = view.areBothGranted ? nil : exclusiveSince ?? view.now
        let wasUndisturbed = undisturbedSince != nil
        undisturbedSince = view.isUndisturbed ? undisturbedSince ?? view.now : nil
        for group in watches.indices {
            for seat in Seat.allCases { note(view, group, seat) }
            if wasUndisturbed { judgeSurvivor(view, group) }
            for seat in Seat.allCases {
                records[2 * group + seat.rawValue].position = view.seats[2 * group + seat.rawValue]
            }
            judgeGroup(view, group)
        }
    }

    private mutating func note(_ view: View, _ group: Int, _ seat: Seat) {
        let index = 2 * group + seat.rawValue
        let position = view.seats[index]
        let now = view.now
        records[index].ableSince = position.isAble ? records[index].ableSince ?? now : nil
        let isOrphan = position.isOnWire && !position.isOwned
        records[index].orphanSince = isOrphan ? records[index].orphanSince ?? now : nil
        if let since = records[index].orphanSince, now - since > bounds.orphan {
            records[index].orphanSince = now
            complain(now, "the addresses of group \(group) stay on \(seat.name) with nobody who claimed them")
        }
        let isEmpty = position.isActive && !position.isOnWire
        records[index].emptySince = isEmpty ? records[index].emptySince ?? now : nil
        if let since = records[index].emptySince, now - since > bounds.empty {
            records[index].emptySince = now
            complain(now, "\(seat.name) is active for group \(group) and nothing is on its wire")
        }
    }

    private mutating func judgeGroup(_ view: View, _ group: Int) {
        let seats = view.seats[(2 * group)..<(2 * group + 2)]
        let now = view.now
        watches[group].double.extend(seats.allSatisfy(\.isOnWire), now)
        watches[group].vacancy.extend(!seats.contains(where: \.isOnWire), now)
        watches[group].unserved.extend(!seats.contains(where: \.isServing), now)
        watches[group].both.extend(seats.allSatisfy(\.isServing), now)
        if let since = watches[group].both.since {
            check(
                since, exclusiveSince, bounds.bothServing, now, "against the policy both directors serve group \(group)"
            )
        }
        if let since = watches[group].double.since {
            check(since, connectedSince, bounds.double, now, "two directors hold group \(group)")
            check(since, undisturbedSince, bounds.undisturbedDouble, now, "two healthy directors hold group \(group)")
        }
        if let since = watches[group].unserved.since {
            check(since, ableSince(group), bounds.unserved, now, "nobody serves group \(group)")
        }
    }

    /// Since when somebody could serve the group, with nothing new in the way.
    private func ableSince(_ group: Int) -> Instant? {
        let able = Seat.allCases.compactMap { seat in
            let record = records[2 * group + seat.rawValue]
            let pausesUntil = mates[group].map { records[2 * $0 + seat.rawValue].pausesUntil }.max()
            return record.ableSince.map { max($0, pausesUntil ?? record.pausesUntil) }
        }
        return able.min().map { max($0, disturbedAt) }
    }

    private mutating func check(
        _ since: Instant, _ condition: Instant?, _ limit: Duration, _ now: Instant, _ words: String
    ) {
        guard let condition, now - max(since, condition) > limit else { return }
        complain(now, "\(words) for more than \(limit)")
    }

    /// Of two that served, the one with the higher claim stays (DESIGN rule 4).
    private mutating func judgeSurvivor(_ view: View, _ group: Int) {
        // Who may not hold a group any longer releases it, whatever its term.
        guard undisturbedSince != nil, exclusiveSince == nil else { return }
        let before = [records[2 * group], records[2 * group + 1]]
        guard before.allSatisfy(\.position.isServing) else { return }
        for seat in Seat.allCases {
            let position = view.seats[2 * group + seat.rawValue]
            // Whose lease lapsed while it was late is active still, and has given way to nobody.
            guard !position.isServing, !position.isActive else { continue }
            let loser = before[seat.rawValue].claimed
            let winner = before[seat.other.rawValue].claimed
            if view.seats[2 * group + seat.other.rawValue].isServing, loser > winner {
                complain(view.now, "\(seat.name) gives way with term \(loser) to term \(winner) of group \(group)")
            }
        }
    }
}
