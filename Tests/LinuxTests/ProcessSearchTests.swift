import Glibc
import Linux
import Testing

@Suite struct ProcessSearchTests {
    @Test(arguments: ["tandem-no-such-process", "/no/such/path"])
    func `a process that is not there is not found`(name: String) {
        var search = ProcessSearch(name: name)
        let isThere = search.isThere()
        #expect(!isThere)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to become another user"))
    func `a process is found by name and by path, a script by its own, and nobody once it has ended`() throws {
        let folder = try ScriptFolder()
        let path = try folder.write("SLEEPER 1000; exit 0")
        var searches = [path, folder.path + "/sleeper", "sleeper"].map { ProcessSearch(name: $0) }
        do {
            let running = try RunningCommand(Command([path], user: "nobody", limit: .seconds(60)), now: Clock.now())
            for index in searches.indices {
                let isThere = folder.eventually { searches[index].isThere() }
                #expect(isThere)
            }
            _ = running
        }
        #expect(folder.isSwept())
        for index in 0..<2 {
            let isThere = searches[index].isThere()
            #expect(!isThere)
        }
    }
}
