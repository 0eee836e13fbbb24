import Commands
import Testing

struct WordsTests {
    @Test(
        arguments: [
            (-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"),
            (18_600, "5 h 10 min"),
            (86_400, "1 d"), (1_051_200, "12 d 4 h"), (Int64.max, "106751991167300 d 15 h"),
        ] as [(Int64, String)])
    func `says durations as people do`(seconds: Int64, words: String) {
        #expect(Words.duration(seconds) == words)
    }

    @Test(arguments: [
        (0.08, "80 ms"), (-1, "0 ms"), (0.9996, "1000 ms"), (1, "1 s"), (190.7, "3 min"), (1e300, "11574074074 d 1 h"),
    ])
    func `says short durations in milliseconds`(seconds: Double, words: String) {
        #expect(Words.duration(seconds) == words)
    }

    @Test(arguments: [(0.412, "0.41 ms"), (0.4, "0.4 ms"), (3.96, "4 ms"), (4.24, "4.2 ms"), (80.4, "80 ms")])
    func `rounds milliseconds`(value: Double, words: String) {
        #expect(Words.milliseconds(value) == words)
    }

    @Test(arguments: [
        (0, "0 %"), (0.0001, "0.1 %"), (0.003, "0.3 %"), (0.0996, "10 %"), (0.123, "12 %"), (1, "100 %"), (7, "100 %"),
    ])
    func `says shares in percent`(share: Double, words: String) {
        #expect(Words.percent(share) == words)
    }
}
