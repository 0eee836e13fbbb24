import Checks
import Testing

@Suite struct PlacesTests {
    @Test(
        arguments: [
            (nil, 8192), (UInt64.max, 8192), (524_288, 8192), (9216, 8192), (9215, 8191), (4096, 3072), (2048, 1024),
            (1024, 256), (256, 64), (4, 1), (0, 1),
        ] as [(UInt64?, Int)])
    func `probes leave files for others to open`(limit: UInt64?, places: Int) {
        #expect(Checker.places(openFiles: limit) == places)
    }
}
