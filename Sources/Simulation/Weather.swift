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
    /// By sender, then by path.
    private var weather: [[Weather]]

    init(paths: Int) {
        weather = Array(repeating: Array(repeating: .fair, count: paths), count: 2)
    }

    var paths: Int { weather[0].count }

    subscript(sender: Seat, path: Int) -> Weather {
        get { weather[sender.rawValue][path] }
        set { weather[sender.rawValue][path] = newValue }
    }

    /// When the copies of one datagram arrive after it left; none where it is lost.
    func delays(from sender: Seat, path: Int, _ random: inout SplitMix64) -> [Duration] {
        let weather = self[sender, path]
        guard !weather.isCut, !random.chance(weather.loss) else { return [] }
        let copies = random.chance(weather.duplication) ? 2 : 1
        return (0..<copies).map { _ in random.duration(in: weather.delay) }
    }

    /// Whether some path carries datagrams in each direction.
    var isConnected: Bool {
        Seat.allCases.allSatisfy { seat in
            (0..<paths).contains { !self[seat, $0].isCut && self[seat, $0].loss < 1 }
        }
    }

    /// Whether every wire is as it should be.
    var isFair: Bool { weather.allSatisfy { $0.allSatisfy { $0 == .fair } } }
}

/// One of the two directors.
package enum Seat: Int, Hashable, Sendable, CaseIterable {
    case lb1, lb2

    package var other: Seat { self == .lb1 ? .lb2 : .lb1 }
    package var name: String { self == .lb1 ? "lb1" : "lb2" }
}
