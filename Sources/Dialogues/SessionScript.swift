import Agreement

/// A session of a greeting, the wish for TLS if there is one, and a farewell.
protocol SessionScript: LineScript {
    /// What the next reply is to.
    var step: ReplyFailure.Step { get set }
}

extension SessionScript {
    mutating func say(_ command: String, _ step: ReplyFailure.Step) -> Turn {
        self.step = step
        return .say(Array("\(command)\r\n".utf8))
    }
}
