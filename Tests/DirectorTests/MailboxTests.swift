import Director
import Testing

struct MailboxTests {
    @Test func `gives messages in the order in which they were posted`() throws {
        let mailbox = try Mailbox<Int>(capacity: 4)
        var batch: [Int] = []
        for number in 1...3 { mailbox.post(number) }
        mailbox.drain(into: &batch)
        #expect(batch == [1, 2, 3])
        mailbox.drain(into: &batch)
        #expect(batch.isEmpty)
    }

    @Test func `refuses and counts what does not fit`() throws {
        let mailbox = try Mailbox<Int>(capacity: 2)
        #expect(mailbox.post(1))
        #expect(mailbox.post(2))
        #expect(!mailbox.post(3))
        #expect(mailbox.dropped == 1)
        var batch: [Int] = []
        mailbox.drain(into: &batch)
        #expect(batch == [1, 2])
        #expect(mailbox.post(4))
    }
}
