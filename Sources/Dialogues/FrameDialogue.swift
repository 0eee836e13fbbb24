package import Agreement

/// A conversation in frames that begin with their length, as a machine that a `FrameDialogue` leads.
package protocol FrameScript: Sendable {
    /// The connection stands; or it does so again, within TLS, after the script asked for that.
    mutating func begin() -> Turn

    /// How long the frame that begins with these bytes is, all of it; absent: more of it has to come to tell.
    ///
    /// - Throws: why it can be no frame.
    func length(of head: [UInt8]) throws(CheckFailure) -> Int?

    /// The server said this frame.
    mutating func take(_ frame: [UInt8]) -> Turn

    /// What became of the password that a turn asked to be salted.
    mutating func salted(_ bytes: [UInt8]) -> Turn

    /// Whether the server may close now, for all that had to be said was.
    var mayClose: Bool { get }

    /// How much a server may say, in a frame and in all, in bytes.
    static var frameLimit: Int { get }
    static var limit: Int { get }
}

extension FrameScript {
    package static var frameLimit: Int { FrameLimits.frame }
    package static var limit: Int { FrameLimits.all }

    /// Most have none to be salted.
    package mutating func salted(_ bytes: [UInt8]) -> Turn { .listen }
}

/// Cuts what a server says into frames of a bounded length.
package struct FrameDialogue<Script: FrameScript>: ScriptedDialogue, Sendable {
    private var script: Script
    private var frame: [UInt8] = []
    /// Of the frame that has begun, once it is known.
    private var length: Int?
    private var heard = 0
    package var outcome: Outcome?
    package var held: [UInt8]?

    package init(_ script: Script) {
        self.script = script
    }

    package var mayClose: Bool { script.mayClose }

    package mutating func begin() -> Turn { script.begin() }

    package mutating func resume(salted: [UInt8]) -> Turn { script.salted(salted) }

    /// What stands behind the frame was put there by somebody who does not know the keys (CVE-2021-23222).
    package func secure(isLast: Bool) -> Turn { isLast ? .secure : .end(.fail(.reply(.injected))) }

    package mutating func take(_ byte: UInt8) -> Turn {
        heard += 1
        guard heard <= Script.limit else { return .end(.fail(.unexpectedWithin(Script.limit))) }
        frame.append(byte)
        do throws(CheckFailure) {
            if length == nil { length = try script.length(of: frame) }
        } catch {
            return .end(.fail(error))
        }
        guard let length else { return .listen }
        guard length <= Script.frameLimit else { return .end(.fail(.overlong(Script.frameLimit))) }
        guard frame.count >= length else { return .listen }
        defer {
            frame.removeAll(keepingCapacity: true)
            self.length = nil
        }
        return script.take(frame)
    }
}

/// How much a server may say in frames, in bytes.
package enum FrameLimits {
    package static let frame = 16_384
    package static let all = 65_536
}
