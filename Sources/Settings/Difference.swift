import Addresses

/// What two configurations do not have in common.
package struct SettingsDifference: Hashable, Sendable {
    /// Whether anything of the section differs.
    package var pair = false
    package var groups = false
    package var timeouts = false
    package var log = false
    package var metrics = false
    /// Names of services, in the order of the newer file (removed ones: of the older).
    package var addedServices: [String] = []
    package var removedServices: [String] = []
    package var changedServices: [String] = []
    /// What a running daemon cannot take over, in sentences; empty: it can take over everything.
    package var needsRestart: [String] = []

    package var services: Bool { !(addedServices.isEmpty && removedServices.isEmpty && changedServices.isEmpty) }
    package var isEmpty: Bool { self == SettingsDifference() }
}

extension Settings {
    package static func difference(from old: Settings, to new: Settings) -> SettingsDifference {
        var difference = SettingsDifference()
        difference.pair = old.pair != new.pair
        difference.groups = old.groups != new.groups
        difference.timeouts = old.timeouts != new.timeouts
        difference.log = old.log != new.log
        difference.metrics = old.metrics != new.metrics
        let before = Dictionary(old.services.indices.map { (old.services[$0].name, $0) }) { first, _ in first }
        let after = Set(new.services.map(\.name))
        for service in new.services {
            guard let index = before[service.name] else {
                difference.addedServices.append(service.name)
                continue
            }
            if old.services[index] != service { difference.changedServices.append(service.name) }
        }
        difference.removedServices = old.services.map(\.name).filter { !after.contains($0) }
        difference.needsRestart = pairChanges(from: old.pair, to: new.pair) + groupChanges(from: old, to: new)
        return difference
    }

    private static func pairChanges(from old: PairSettings, to new: PairSettings) -> [String] {
        var changes: [String] = []
        func change<Value: Equatable>(_ what: String, _ value: KeyPath<PairSettings, Value>, _ text: (Value) -> String)
        {
            guard old[keyPath: value] != new[keyPath: value] else { return }
            changes.append("\(what) changed from \(text(old[keyPath: value])) to \(text(new[keyPath: value]))")
        }
        change("the pair's name", \.name) { $0 }
        change("the path of the keys", \.keys) { $0 }
        change("the heartbeats' port", \.port) { "\($0)" }
        change("the timing", \.timing) { "\(DurationText.print($0.interval)) × \($0.misses)" }
        change("on_partition", \.partitionPolicy) { $0?.rawValue ?? "its default" }
        change("the interface of the connection sync", \.sync) { $0?.interface ?? "none" }
        change("sysctl", \.sysctl) { $0.rawValue }
        change("the witness", \.witness) { $0.map { "\($0.endpoint) with the key \($0.key)" } ?? "none" }
        change("the directors", \.directors) { directors in directors.map(text).joined(separator: " and ") }
        return changes
    }

    private static func text(_ director: DirectorSettings) -> String {
        let interfaces = director.interfaces.sorted { $0.key < $1.key }.map { ", \($0.key) is \($0.value)" }
        return
            "\(director.name) (\(director.addresses.map(\.description).joined(separator: ", "))\(interfaces.joined()))"
    }

    private static func groupChanges(from old: Settings, to new: Settings) -> [String] {
        let before = Dictionary(old.groups.map { ($0.name, $0) }) { first, _ in first }
        let after = Set(new.groups.map(\.name))
        var changes = old.groups.filter { !after.contains($0.name) }.map { "group \($0.name) was removed" }
        for group in new.groups {
            guard let earlier = before[group.name] else {
                changes.append("group \(group.name) was added")
                continue
            }
            if earlier.addresses != group.addresses { changes.append("the addresses of group \(group.name) changed") }
            if earlier.interface != group.interface { changes.append("the interface of group \(group.name) changed") }
            if earlier.prefer != group.prefer || earlier.preempt != group.preempt {
                changes.append("the preference of group \(group.name) changed")
            }
            if earlier.togetherWith != group.togetherWith {
                changes.append("what group \(group.name) stays together with changed")
            }
            if earlier.gateways != group.gateways { changes.append("the gateways of group \(group.name) changed") }
        }
        return changes
    }
}
