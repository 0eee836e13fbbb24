import Balancing
import Netlink
import Settings

extension Balancer {
    /// Keeps nf_tables as the configuration has it, if it says anything of that. What cannot be done is said with the
    /// table's own refusals.
    mutating func keepMasquerade() {
        let wanted = Masquerade(settings)
        switch masquerader.keep(wanted) {
        case nil: break
        case .own(let sentence): ports.inform(sentence)
        case .repair(let sentence):
            ports.tell(sentence, nil)
            repaired.append(sentence)
        }
        let isKept = masquerader.problem == nil
        ports.board.update { view in
            view.masquerade = wanted.isEmpty ? nil : wanted
            view.isMasqueradeKept = isKept
        }
    }
}
