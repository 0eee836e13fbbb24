import Settings
import Testing

@Suite struct WordsTests {
    @Test(
        arguments: [
            ("prot", "port"), ("timming", "timing"), ("warn", "warning"), ("KEYS", "keys"), ("zzz", nil), ("", nil),
            ("sync", "sync"),
        ] as [(String, String?)]) func `finds the nearest word or none`(word: String, nearest: String?)
    {
        #expect(Words.nearest(to: word, among: ["port", "timing", "keys", "sync", "warning"]) == nearest)
    }

    @Test(arguments: [
        ("500us", Duration.microseconds(500)), ("200ms", .milliseconds(200)), ("2s", .seconds(2)), ("1m", .seconds(60)),
        ("1h", .seconds(3600)), ("0s", .zero), ("90s", .seconds(90)), ("14d", .seconds(1_209_600)),
    ]) func `reads durations and prints them`(text: String, duration: Duration) throws {
        #expect(try DurationText.parse(text) == duration)
        #expect(try DurationText.parse(DurationText.print(duration)) == duration)
    }

    @Test(arguments: ["", "s", "1.5s", "-1s", "1 s", "1w", "0x1s", "1234567890s", "+1s"])
    func `refuses what is no duration`(text: String) {
        #expect(throws: DurationText.Failure.malformed(text)) { try DurationText.parse(text) }
    }

    @Test func `asks for a unit`() {
        #expect(throws: DurationText.Failure.noUnit("5")) { try DurationText.parse("5") }
    }

    @Test func `valid settings break no rule`() {
        #expect(Sample.settings.violations() == [])
    }
}
