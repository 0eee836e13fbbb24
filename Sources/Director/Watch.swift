import Addresses
import Agreement
import Glibc
import Linux
import Settings

/// One tracker of the configuration, for all groups that list it in the same words.
final class Watch {
    let settings: TrackerSettings
    var groups: [Int] = []
    private(set) var tracker: Tracker
    /// When it is looked at next.
    private(set) var next: Instant
    private(set) var running: RunningCommand?
    private var search: ProcessSearch?

    init(_ settings: TrackerSettings, first: Instant) {
        self.settings = settings
        tracker = Tracker(rise: settings.rise, fall: settings.fall)
        next = first
        if case .process(let name) = settings.kind { search = ProcessSearch(name: name) }
    }

    var isScript: Bool { if case .script = settings.kind { true } else { false } }

    /// Looks, or begins to; what it saw if that takes no time.
    func look(_ servers: ServerViews, environment: [String: String], now: Instant) -> Finding? {
        next = max(next + settings.interval, now + settings.interval / 2)
        switch settings.kind {
        case .script(let command): return begin(command, environment, now)
        case .process(let name): return search?.isThere() == true ? .fine : fault("there is no process \(name)")
        case .file(let path): return Self.finding(file: path, weight: settings.weight)
        case .servers(let service, let below):
            guard let (up, all) = servers.share(of: service), up * 100 < all * below else { return .fine }
            return fault("\(up) of \(all) servers up, below \(below)%")
        }
    }

    private func begin(_ command: CommandSettings, _ environment: [String: String], _ now: Instant) -> Finding? {
        do throws(CommandProblem) {
            running = try RunningCommand(
                Command(command.words, user: command.user, limit: command.timeout, environment: environment), now: now)
            return nil
        } catch {
            return fault("\(error)")
        }
    }

    /// What its script showed, once it has ended.
    func proceed(now: Instant) -> Finding? {
        guard let result = running?.proceed(now: now) else { return nil }
        running = nil
        // The next one begins an interval after this one began, and never beside it.
        next = max(next, now)
        return result.isSuccess ? .fine : fault(result.words)
    }

    func observe(_ finding: Finding, now: Instant) -> Bool { tracker.observe(finding, now: now) }

    private func fault(_ why: String) -> Finding { .fault(settings.weight, why) }

    /// An absent file is fine, and so is a 0 in it; a number up to 100 is what it takes off.
    static func finding(file path: String, weight: Int) -> Finding {
        do throws(SystemError) {
            guard let bytes = try DurableFile.read(path, limit: 64) else { return .fine }
            let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            guard words.count == 1, let number = Int(words[0]), (0...100).contains(number) else {
                return .fault(weight, "\(path) is there")
            }
            return number == 0 ? .fine : .fault(number, "\(path) says \(number)")
        } catch {
            return .fault(weight, error.errno == EFBIG ? "\(path) is there" : "\(error)")
        }
    }
}

/// Which servers are up, as this director sees it.
struct ServerViews {
    private var settings: Settings
    private var views: [ServerKey: Bool] = [:]

    init(_ settings: Settings) { self.settings = settings }

    mutating func adopt(_ settings: Settings) { self.settings = settings }

    subscript(key: ServerKey) -> Bool? {
        get { views[key] }
        set { views[key] = newValue }
    }

    /// Of the servers that are checked and shall have connections, how many are up and how many there are; nil where
    /// nothing is known of any.
    func share(of service: String?) -> (up: Int, all: Int)? {
        var (up, all) = (0, 0)
        for candidate in settings.services {
            guard service == nil || candidate.name == service else { continue }
            for server in candidate.checkedServers where server.weight > 0 {
                guard let isUp = views[ServerKey(service: candidate.name, server: server.endpoint)] else { continue }
                all += 1
                if isUp { up += 1 }
            }
        }
        return all == 0 ? nil : (up, all)
    }
}
