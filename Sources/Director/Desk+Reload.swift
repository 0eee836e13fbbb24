import Balancing
import Checks
import Control
import Linux
import Logging
import Sealing
import Settings
import SettingsFile
import Synchronization

/// Taking a new configuration into force.
extension Desk {
    /// Why a configuration stays out of force.
    struct ReloadRefusal: Error {
        /// The first of them, in sentences.
        var problems: [String]
    }

    /// Reads the configuration again. One with errors, with changes that need a restart, or that takes away more than
    /// the guard allows, changes nothing.
    ///
    /// - Parameter force: whether it may take away as much as it likes.
    /// - Returns: what changed, in a sentence.
    @discardableResult
    func reload(force: Bool = false) throws(ReloadRefusal) -> String {
        Notifier.tell("RELOADING=1")
        defer { Notifier.tell("READY=1") }
        do throws(ReloadRefusal) {
            return try adopt(SettingsFile.load(path: file), force: force)
        } catch {
            refuse(error.problems)
            throw error
        }
    }

    private func adopt(_ loaded: SettingsFile.Loaded, force: Bool) throws(ReloadRefusal) -> String {
        guard let settings = loaded.settings else {
            throw ReloadRefusal(problems: loaded.errors.map(\.description))
        }
        let old = state.withLock { $0.settings }
        let difference = Settings.difference(from: old, to: settings)
        let obstacles = Self.obstacles(difference, from: old, to: settings, force: force)
        guard obstacles.isEmpty else { throw ReloadRefusal(problems: obstacles) }
        let witnessRing: KeyRing?
        do throws(KeyFileError) {
            witnessRing = try settings.witnessRing()
        } catch {
            throw ReloadRefusal(problems: [error.description])
        }
        if let problem = keeper.reload() { throw ReloadRefusal(problems: [problem]) }
        if let witnessRing { organs.envoy?.post(.keys(witnessRing.shared, sending: witnessRing.sending)) }
        state.withLock { state in
            state.settings = settings
            state.digest = nil
            state.loadedAt = Clock.wallMilliseconds() / 1000
            state.refusedAt = nil
            state.problems = []
        }
        organs.adopt(settings, by: local)
        comparer.adopt(settings)
        overrides.adopt(settings)
        metricsPlace.adopt(settings.metrics?.listen(of: local))
        let sentence =
            "configuration reloaded: \(difference.addedServices.count) services added, "
            + "\(difference.removedServices.count) removed, \(difference.changedServices.count) changed"
            + (difference.log ? "; what changed about the log counts from the next start" : "")
        journal.record(.configuration, sentence)
        return sentence
    }

    /// What keeps a configuration from being taken over by a running director, in sentences.
    static func obstacles(
        _ difference: SettingsDifference, from old: Settings, to new: Settings, force: Bool = false
    ) -> [String] {
        guard difference.needsRestart.isEmpty else { return difference.needsRestart }
        // Thousands of services are counted only where one of them may lose something.
        guard !(difference.removedServices.isEmpty && difference.changedServices.isEmpty) else { return [] }
        let removal = Removal(from: old, to: new)
        guard !force, removal.exceeds(Removal.usualShare) else { return [] }
        let limit = removal.isTotal ? "" : ", more than \(Removal.usualShare) %"
        return [
            "it would remove \(removal)\(limit): look at it with 'tandem plan' and confirm it with "
                + "'tandem apply --force'"
        ]
    }

    private func refuse(_ problems: [String]) {
        let first = Array(problems.prefix(10))
        state.withLock { state in
            state.refusedAt = Clock.wallMilliseconds() / 1000
            state.problems = first
        }
        journal.record(
            .configuration, "configuration refused, the old one stays in force: \(first.first ?? "unreadable")",
            level: .error)
    }
}

extension Organs {
    /// Tells everybody whom a reload concerns.
    fileprivate func adopt(_ settings: Settings, by director: String) {
        balancer.post(.adopt(settings))
        teller?.post(.adopt(settings))
        arbiter.post(.adopt(settings))
        checker.adopt(ProbeSettings.all(of: settings, by: director))
        trackers.post(.adopt(settings))
        herald.post(.adopt(settings))
    }
}
