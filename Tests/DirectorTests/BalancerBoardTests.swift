import Addresses
import Balancing
import Director
import Netlink
import Settings
import Testing

struct BalancerBoardTests {
    @Test func `shows of the kernel's table only what is ours`() throws {
        let own = Listen.endpoint(.tcp, try #require(Endpoint("192.0.2.10:80")))
        let foreign = Listen.endpoint(.tcp, try #require(Endpoint("192.0.2.2:99")))
        let service = TableService(options: ServiceOptions(scheduler: "wlc", persistence: nil))
        var view = BalancerBoard.View()
        #expect(view.ours == nil)
        var read = ReadTable()
        read.table = Table(services: [own: service, foreign: service])
        view.read = read
        view.owned = [own]
        #expect(view.ours == Table(services: [own: service]))
    }
}
