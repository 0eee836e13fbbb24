extension Settings {
    /// Every rule that these settings break, in the order of the rules. Settings without errors among them are valid.
    package func violations() -> [Violation] {
        []
    }
}
