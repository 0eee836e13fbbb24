import Addresses
import Director
import Settings
import Testing

struct SyncIDTests {
    private func ids(_ pair: String, _ first: String, _ second: String) -> [UInt8] {
        PairSettings(
            name: pair, keys: "/k",
            directors: [DirectorSettings(name: first, addresses: []), DirectorSettings(name: second, addresses: [])]
        ).syncIDs
    }

    @Test(arguments: ["edge", "core", "a", "pair-with-a-long-name"])
    func `the two ids differ, are never 0, and follow the directors' names`(pair: String) {
        let ids = ids(pair, "lb1", "lb2")
        #expect(ids[0] != ids[1])
        #expect(!ids.contains(0))
        #expect(self.ids(pair, "lb2", "lb1") == [ids[1], ids[0]])
    }
}
