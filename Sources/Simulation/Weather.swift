/// What a wire does to the datagrams of one direction of one path.
package struct Weather: Hashable, Sendable {
    /// Drawn for each datagram: a wide range reorders them.
    package var delay: ClosedRange<Duration> = .microseconds(100)...(.microseconds(300))
    /// The share that never arrives, 0 to 1.
    package var loss = 0.0
    /// The share that arrives twice, 0 to 1.
    package var duplication = 0.0
    package var isCut = false

    package init() {}

    package static let fair = Weather()
}

/// The wires between the two directors: a weather for each direction of each path.
struct SimulatedWires {
    let paths: Int
    /// What the wires are like when nobody disturbs them.
    let fair: Weather
    /// By path, then by sender.
    private var weather: [Weather]

    init(paths: Int, fair: Weather) {
        self.paths = paths
        self.fair = fair
        weather = Array(repeating: fair, count: 2 * paths)
    }

    subscript(sender: Seat, path: Int) -> Weather {
        get { weather[2 * path + sender.rawValue] }
        set { weather[2 * path + sender.rawValue] = newValue }
    }

    /// When a copy of a datagram arrives after it left.
    func delay(from sender: Seat, path: Int, _ random: inout SplitMix64) -> Duration {
        random.duration(in: weather[2 * path + sender.rawValue].delay)
    }

    /// How many copies of a datagram arrive.
    func copies(from sender: Seat, path: Int, _ random: inout SplitMix64) -> Int {
        let index = 2 * path + sender.rawValue
        guard !weather[index].isCut, !random.chance(weather[index].loss) else { return 0 }
        return random.chance(weather[index].duplication) ? 2 : 1
    }

    /// Whether some path carries datagrams in each direction.
    var isConnected: Bool {
        Seat.allCases.allSatisfy { seat in
            (0..<paths).contains { !self[seat, $0].isCut && self[seat, $0].loss < 1 }
        }
    }

    /// Whether every wire is as it should be.
    var isFair: Bool { weather.allSatisfy { $0 == fair } }
}

/// One of the two directors.
package enum Seat: Int, Hashable, Sendable, CaseIterable {
    case lb1, lb2

    package var other: Seat { self == .lb1 ? .lb2 : .lb1 }
    package var name: String { self == .lb1 ? "lb1" : "lb2" }
}
