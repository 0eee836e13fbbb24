package import Settings

extension SettingsFile {
    /// What a witness's file says, or why it says nothing.
    package struct LoadedWitness: Sendable {
        /// Absent if there is any error.
        package var house: WitnessHouse?
        /// By place.
        package var problems: [Problem]
    }

    /// The word by which a file is known to be a witness's.
    static let witnessWord = "witness"

    /// Reads a witness's file. It always answers, as `load` does.
    package static func loadWitness(path: String) -> LoadedWitness { loadWitness(path, Folder.disk) }

    /// Reads text as if it stood in a file of that name.
    package static func loadWitness(text: String, name: String = "witness.yaml") -> LoadedWitness {
        loadWitness(name, Folder.memory([name: Array(text.utf8)]))
    }

    /// The same for bytes that may be no text at all.
    package static func loadWitness(bytes: [UInt8], name: String = "witness.yaml") -> LoadedWitness {
        loadWitness(name, Folder.memory([name: bytes]))
    }

    /// Whether a file is a witness's: it has its section at the top level, and no pair. False for what cannot be read.
    package static func isWitness(path: String) -> Bool {
        var loader = Loader(folder: .disk)
        guard let root = loader.readAlone(path), case .mapping(let entries) = root.content else { return false }
        let words = entries.compactMap { entry -> String? in
            if case .scalar(let word) = entry.key.content { return word }
            return nil
        }
        return words.contains(witnessWord) && !words.contains("pair")
    }

    private static func loadWitness(_ path: String, _ folder: Folder) -> LoadedWitness {
        var loader = Loader(folder: folder)
        let root = loader.readAlone(path)
        var reading = Reading(diagnosis: loader.diagnosis, isNoting: true)
        let house = loader.isComplete ? root.flatMap { reading.witnessFile($0) } : nil
        let isGood = !reading.diagnosis.hasErrors
        return LoadedWitness(house: isGood ? house : nil, problems: reading.diagnosis.sorted())
    }
}

extension Loader {
    /// Reads one file and nothing that it may include.
    mutating func readAlone(_ path: String) -> Node? {
        diagnosis.files = [path]
        do {
            let result = EventReader.read(try folder.read(path).bytes, file: 0, diagnosis: &diagnosis)
            isComplete = result.isComplete
            return result.node ?? Node(mark: Mark(file: 0, line: 1, column: 1), content: .scalar(""))
        } catch {
            isComplete = false
            diagnosis.error(Mark(file: 0, line: 0, column: 0), error.message)
            return nil
        }
    }
}

extension Reading {
    fileprivate mutating func witnessFile(_ root: Node) -> WitnessHouse? {
        guard let fields = fields(root, Schema.witnessTop) else { return nil }
        var house = house(fields["witness"], in: Mark(file: 0, line: 1, column: 1))
        house.log = log(fields["log"])
        report(house.violations())
        return house
    }
}
