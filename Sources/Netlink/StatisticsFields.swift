internal import Balancing
internal import CLibNL

/// `IPVS_STATS_ATTR_...`, which an answer has twice: with 32 bits (but for bytes), and since Linux 4.1 with 64.
struct StatisticsFields {
    private var narrow = FieldBytes.none
    private var wide = FieldBytes.none

    mutating func take(_ nest: FieldBytes, isWide: Bool) {
        if isWide { wide = nest } else { narrow = nest }
    }

    /// Of each field what the wide ones say, whichever came first.
    var value: Statistics {
        var value = Statistics()
        Self.read(narrow, into: &value)
        Self.read(wide, into: &value)
        return value
    }

    private static func read(_ nest: FieldBytes, into value: inout Statistics) {
        for (type, field) in nest.attributes {
            guard let number = field.host(UInt64.self) ?? field.host(UInt32.self).map(UInt64.init) else { continue }
            switch type {
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
