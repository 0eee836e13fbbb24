/// Where in the settings something stands: in `services`, the fourth entry, its `listen`, the second.
///
/// The rules speak of places, because values know nothing of files; whoever read the file knows the line of each.
package struct Place: Hashable, Sendable {
    package enum Section: String, Hashable, Sendable {
        case pair, directors, groups, services, log, witness, metrics
    }

    package var section: Section
    /// Counts the entries of a section that has several.
    package var index: Int?
    package var key: String?
    /// Counts the elements of a key that holds a list.
    package var element: Int?

    package init(_ section: Section, _ index: Int? = nil, _ key: String? = nil, _ element: Int? = nil) {
        self.section = section
        self.index = index
        self.key = key
        self.element = element
    }

    /// The place that this one is a part of: the list of an element, the entry of a key, the section of an entry.
    package var parent: Place? {
        if element != nil { return Place(section, index, key) }
        if key != nil { return Place(section, index) }
        if index != nil { return Place(section) }
        return nil
    }
}

/// A rule that the settings break.
package struct Violation: Hashable, Sendable {
    package var severity: Problem.Severity
    package var place: Place
    /// What else it follows from: where one of these could not be read, the violation may be an echo of that.
    package var because: [Place]
    package var message: String
    package var suggestion: String?

    package init(
        _ severity: Problem.Severity = .error, at place: Place, because: [Place] = [], _ message: String,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.place = place
        self.because = because
        self.message = message
        self.suggestion = suggestion
    }
}
