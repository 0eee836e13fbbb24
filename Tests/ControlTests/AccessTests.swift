import Control
import Testing

struct AccessTests {
    private static let access = Access(owner: 7, readers: 100, admins: 200)

    @Test(arguments: [
        (Caller(pid: 1, uid: 0, groups: [0]), true, true),
        (Caller(pid: 1, uid: 7, groups: [7]), true, true),
        (Caller(pid: 1, uid: 8, groups: [8, 200]), true, true),
        (Caller(pid: 1, uid: 8, groups: [200]), true, true),
        (Caller(pid: 1, uid: 8, groups: [8, 9, 100]), true, false),
        (Caller(pid: 1, uid: 8, groups: [8]), false, false),
        (Caller(pid: 1, uid: 8, groups: []), false, false),
    ])
    func `lets readers read and admins change`(caller: Caller, mayRead: Bool, mayChange: Bool) {
        #expect(Self.access.mayRead(caller) == mayRead)
        #expect(Self.access.mayChange(caller) == mayChange)
    }

    @Test func `lets nobody but root and itself in where there are no groups`() {
        let access = Access(owner: 7, readers: nil, admins: nil)
        #expect(access.mayChange(Caller(pid: 1, uid: 0, groups: [0])))
        #expect(!access.mayRead(Caller(pid: 1, uid: 8, groups: [0, 100, 200])))
    }
}
