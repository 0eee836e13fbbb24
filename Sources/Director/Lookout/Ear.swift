import Addresses
import Linux

/// One socket of the lookout's on one interface.
final class Ear {
    /// What it hears, and where; an ear is kept as long as this stays the same.
    struct Place: Hashable {
        enum Kind: Hashable { case claims, answers }

        var kind: Kind
        var interface: Int32
        /// Sorted, of one family, as many as one filter holds.
        var addresses: [IPAddress]

        /// The ears that so many addresses take.
        static func all(_ kind: Kind, on interface: Int32, _ addresses: some Sequence<IPAddress>) -> [Place] {
            let sorted = addresses.sorted()
            return AddressFamily.allCases.flatMap { family in
                let here = sorted.filter { $0.family == family }
                return stride(from: 0, to: here.count, by: PacketSocket.Hearing.most).map { start in
                    let end = min(start + PacketSocket.Hearing.most, here.count)
                    return Place(kind: kind, interface: interface, addresses: Array(here[start..<end]))
                }
            }
        }
    }

    let place: Place
    private let socket: PacketSocket
    /// Nothing is read before: there was a flood.
    private var restsUntil = Ear.awake
    private var spanBegan = Ear.awake
    /// Frames of the present span.
    private var read = 0

    // Implementation constants: what is read in so long a time.

    private static let awake = Instant(nanoseconds: 0)
    private static let mark: UInt64 = 2
    private static let claims = 64
    private static let answers = 1024
    private static let span = Duration.milliseconds(100)

    init(_ place: Place, in poller: borrowing Poller) throws {
        self.place = place
        let hearing: PacketSocket.Hearing =
            place.kind == .claims ? .claimsOf(place.addresses) : .answersOf(place.addresses)
        socket = try PacketSocket(hearing: hearing, interface: place.interface)
        try poller.watch(fileDescriptor, mark: Self.mark)
    }

    var fileDescriptor: Int32 { socket.fileDescriptor }

    /// Reads what waits, and says how often each came in a row. Where more comes than is read in a tenth of a second,
    /// the ear hears nothing until that is over and wakes nobody; what comes meanwhile fills its queue, is dropped
    /// there, and counts with the last one.
    func listen(
        now: Instant, in poller: borrowing Poller, into frame: inout [UInt8]
    ) -> [(claim: HeardClaim, times: Int)] {
        guard now >= restsUntil else { return [] }
        if restsUntil != Self.awake {
            restsUntil = Self.awake
            try? poller.watch(fileDescriptor, mark: Self.mark)
        }
        if now - spanBegan >= Self.span { (spanBegan, read) = (now, 0) }
        var heard: [(claim: HeardClaim, times: Int)] = []
        var before: [UInt8] = []
        while read < (place.kind == .claims ? Self.claims : Self.answers) {
            guard let (count, _) = socket.receive(into: &frame) else { return heard }
            read += 1
            if !heard.isEmpty, frame.starts(with: before) {
                heard[heard.count - 1].times += 1
            } else if let claim = HeardClaim(frame: frame[..<count], isAnswer: place.kind == .answers) {
                heard.append((claim, 1))
                before = Array(frame[..<count])
            }
        }
        if !heard.isEmpty { heard[heard.count - 1].times += Int(socket.takeDrops()) }
        restsUntil = spanBegan + Self.span
        poller.forget(fileDescriptor)
        return heard
    }

    /// When it has to be listened to although nothing woke its thread.
    var deadline: Instant { restsUntil == Self.awake ? .never : restsUntil }
}
