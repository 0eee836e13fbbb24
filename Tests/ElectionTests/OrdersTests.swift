import Election
import Testing

struct OrdersTests {
    @Test func `two wishes for a heartbeat make one`() {
        var orders = Orders()
        orders.add(.sendHeartbeat)
        orders.add(.sendHeartbeat)
        #expect(orders.list == [.sendHeartbeat])
    }
}
