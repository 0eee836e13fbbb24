import Settings
import Testing

/// When enough servers of a service are up.
struct QuorumTests {
    // Wanted, hysteresis, up, unknown, of, before, and what follows.
    static let cases: [(Int, Int, Int, Int, Int, Bool?, Bool?)] = [
        (5, 0, 5, 0, 10, nil, true), (5, 0, 4, 0, 10, nil, false), (5, 0, 4, 1, 10, nil, nil),
        (5, 0, 5, 5, 10, nil, true), (5, 0, 0, 10, 10, nil, nil),
        (5, 0, 4, 0, 10, true, false), (5, 0, 4, 1, 10, true, true), (5, 0, 5, 0, 10, false, true),
        (5, 0, 4, 6, 10, false, false),
        // keepalived's example: 10 servers, quorum 7, hysteresis 2.
        (7, 2, 6, 0, 10, true, true), (7, 2, 5, 0, 10, true, true), (7, 2, 4, 0, 10, true, false),
        (7, 2, 7, 0, 10, false, false), (7, 2, 8, 0, 10, false, false), (7, 2, 9, 0, 10, false, true),
        (7, 2, 6, 0, 10, nil, false), (7, 2, 7, 0, 10, nil, true),
        // Nobody is never enough.
        (1, 0, 0, 0, 3, true, false), (2, 1, 0, 0, 3, true, false), (2, 1, 1, 0, 3, true, true),
    ]

    @Test(arguments: cases)
    func `a quorum is lost and comes back as with keepalived, and waits for what is not known`(
        wanted: Int, hysteresis: Int, up: Int, unknown: Int, total: Int, before: Bool?, after: Bool?
    ) {
        let quorum = QuorumSettings(.count(wanted), hysteresis: hysteresis)
        #expect(quorum.isThere(up: up, unknown: unknown, of: total, before: before) == after)
    }

    @Test(arguments: [(50, 10, 5), (50, 9, 5), (1, 10, 1), (100, 3, 3), (34, 3, 2), (33, 3, 1)])
    func `a percentage is rounded up`(percent: Int, total: Int, wanted: Int) {
        #expect(QuorumSettings(.percent(percent)).wanted(of: total) == wanted)
    }
}
