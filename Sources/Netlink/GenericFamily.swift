internal import CLibNL
import Glibc

extension NetlinkSocket {
    /// Asks the generic netlink controller for a family's number (net/netlink/genetlink.c, `ctrl_getfamily`, which
    /// tries to load a module that says it has the family). nil: the kernel has no such family now.
    mutating func genericFamily(named name: String, what: String) throws(NetlinkError) -> UInt16? {
        var question = NetlinkMessage(
            type: UInt16(GENL_ID_CTRL), flags: UInt16(NLM_F_REQUEST | NLM_F_ACK),
            fixed: [UInt8(CTRL_CMD_GETFAMILY), 1, 0, 0])
        question.add(UInt16(CTRL_ATTR_FAMILY_NAME), text: name)
        do {
            for reply in try answers(to: question, what: what) {
                let value = IPVSReader.attribute(CTRL_ATTR_FAMILY_ID, of: reply.payload)
                if let number = value.flatMap({ UInt16(hostBytes: $0) }) { return number }
            }
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        return nil
    }
}
