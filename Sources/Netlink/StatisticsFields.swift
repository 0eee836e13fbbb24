internal import Balancing
internal import CLibNL

/// `IPVS_STATS_ATTR_...`, which an answer has twice: with 32 bits (but for bytes), and since Linux 4.1 with 64.
struct StatisticsFields {
    private(set) var value = Statistics()
    private var isWide = false

    /// The wide ones win, whichever come first.
    mutating func take(_ nest: ArraySlice<UInt8>, isWide: Bool) {
        guard isWide || !self.isWide else { return }
        self.isWide = isWide
        for (type, field) in NetlinkAttributes(nest) {
            guard let number = field.count >= 8 ? UInt64(hostBytes: field) : UInt32(hostBytes: field).map(UInt64.init)
            else { continue }
            switch Int(type) {
            case IPVS_STATS_ATTR_CONNS: value.connections = number
            case IPVS_STATS_ATTR_INPKTS: value.packetsIn = number
            case IPVS_STATS_ATTR_OUTPKTS: value.packetsOut = number
            case IPVS_STATS_ATTR_INBYTES: value.bytesIn = number
            case IPVS_STATS_ATTR_OUTBYTES: value.bytesOut = number
            case IPVS_STATS_ATTR_CPS: value.connectionRate = number
            case IPVS_STATS_ATTR_INPPS: value.packetRateIn = number
            case IPVS_STATS_ATTR_OUTPPS: value.packetRateOut = number
            case IPVS_STATS_ATTR_INBPS: value.byteRateIn = number
            case IPVS_STATS_ATTR_OUTBPS: value.byteRateOut = number
            default: break
            }
        }
    }
}
