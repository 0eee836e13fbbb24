import Glibc
import Testing

/// A kernel that refuses a director's address calls, as one does whose process lost its capability.
@Suite(.serialized, .enabled(if: Namespaces.isAvailable, "needs root, iproute2 and the built daemons"))
struct HardFaultTests {
    /// Address changes of each director are refused while the file `refuse-NODE` is there.
    private func pair() throws -> Namespaces {
        let lab = try Namespaces()
        try lab.build(HostileSources.refusal, as: "refusal.so", flags: "-shared -fPIC")
        for node in ["lb1", "lb2"] {
            try lab.start(node, by: "env LD_PRELOAD=\(lab.folder)/refusal.so REFUSE=\(lab.folder)/refuse-\(node)")
        }
        try #require(
            lab.eventually(20) { lab.holds("lb1") && says("is heard", "lb1", lab) && says("is heard", "lb2", lab) })
        return lab
    }

    private func says(_ words: String, _ node: String, _ lab: Namespaces) -> Bool {
        (try? lab.tandem("status", on: node))?.contains(words) ?? false
    }

    private static let words = "is waiting for the kernel's permission to change addresses (CAP_NET_ADMIN)"

    @Test func `an active whose address calls are refused is unfit, and the peer claims without waiting for silence`()
        throws
    {
        let lab = try pair()
        try lab.write("", to: "refuse-lb1")
        // Leases of 2 s are renewed each half second.
        #expect(lab.eventually(1.5) { lab.holds("lb2") }, "\(lab.log("lb1"))")
        #expect(!lab.log("lb2").contains("is lost") && lab.log("lb1").contains("CAP_NET_ADMIN"))
        #expect(lab.eventually { says(Self.words, "lb1", lab) })
        // What nobody may remove lapses.
        #expect(lab.eventually { !lab.holds("lb1") })
        usleep(2_000_000)
        #expect(lab.holds("lb2") && lab.log("lb1").split(separator: "\n").count < 40, "\(lab.log("lb1"))")
        try lab.shell("rm \(lab.folder)/refuse-lb1")
        #expect(lab.eventually(20) { !says(Self.words, "lb1", lab) && says("backup  active", "lb1", lab) })
        #expect(lab.eventually(20) { (try? lab.tandem("handover web --to lb1", on: "lb2")) != nil })
        #expect(lab.eventually { lab.holds("lb1") && !lab.holds("lb2") })
    }

    @Test func `a backup whose address calls are refused cannot take, is unfit, and the holder keeps the group`() throws
    {
        let lab = try pair()
        try lab.write("", to: "refuse-lb2")
        // Whoever asks waits for the answer, and the answer is no.
        try lab.shell(
            "timeout 1 \(Namespaces.binaries)/tandem handover web --to lb2 --api \(lab.folder)/lb1.sock || true")
        #expect(lab.eventually { says(Self.words, "lb2", lab) })
        for _ in 0..<20 {
            usleep(150_000)
            #expect(lab.holds("lb1") && !lab.holds("lb2"))
        }
        try lab.shell("rm \(lab.folder)/refuse-lb2")
        #expect(lab.eventually(20) { !says(Self.words, "lb2", lab) })
        #expect(lab.holds("lb1"))
    }
}
