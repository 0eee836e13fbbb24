// swift-tools-version: 6.2

import PackageDescription

/// Swift 6 mode comes with the tools version; these are the upcoming features on top of it.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// For the modules that touch C: every unsafe use is marked `unsafe`.
let strictAndSafe = strict + [.strictMemorySafety()]

/// Below the line of purity: no IO, clock, randomness, log or C module.
func pure(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Beside the C modules: may import NIO, Glibc, Logging.
func effect(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strictAndSafe)
}

/// Puts machines and effects together.
func composition(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "tandem",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        executable("tandemd", ["Director"]),
        executable("tandem", ["Commands"]),
        executable("tandem-sim", ["Simulation"]),

        composition(
            "Director",
            [
                "Addresses", "Settings", "Heartbeat", "Election", "Balancing", "Agreement", "Sealing", "SettingsFile",
                "Netlink", "Linux", "Checks", "Control", logging, lifecycle, signals, nioCore, nioPosix,
                arguments,
            ]),
        composition(
            "Commands",
            [
                "Addresses", "Settings", "Balancing", "SettingsFile", "Sealing", "Netlink", "Linux", "Control",
                "Drills",
                arguments,
            ]),
        composition("Simulation", ["Addresses", "Heartbeat", "Election", arguments]),
        composition("Drills", ["Addresses", "CLinux", "Linux", "Netlink"]),

        effect(
            "Checks",
            [
                "Addresses", "Settings", "Agreement", "Dialogues", "Linux", "CLinux", "COpenSSL", nioCore, nioPosix,
            ]),
        effect(
            "Control",
            [
                "Addresses", "CLinux", hummingbird, hummingbirdCore, httpTypes, logging, lifecycle, nioCore, nioPosix,
                nioHTTP1,
            ]),
        effect("Netlink", ["Addresses", "Settings", "Balancing", "CLibNL"]),
        effect("Linux", ["Addresses", "CLinux"]),
        effect("Sealing", ["Addresses", "Heartbeat", "COpenSSL"]),
        effect("SettingsFile", ["Addresses", "Settings", "CYAML"]),

        pure("Election", ["Addresses", "Heartbeat"]),
        pure("Heartbeat", ["Addresses"]),
        pure("Balancing", ["Addresses", "Agreement", "Settings"]),
        pure("Agreement", ["Addresses", "Settings"]),
        pure("Dialogues", ["Addresses", "Agreement", "Settings"]),
        pure("Settings", ["Addresses"]),
        pure("Addresses"),

        .systemLibrary(
            name: "CLibNL", pkgConfig: "libnl-3.0", providers: [.apt(["libnl-3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CLinux", cSettings: [.define("_GNU_SOURCE")]),

        // For tests alone: the documents as tests read them, tables from a seed, a kernel that is played, answers that are
        // damaged, and a counter of allocations.
        .target(name: "Pages", path: "Tests/Pages", swiftSettings: strict),
        .target(
            name: "RandomTables", dependencies: ["Balancing", "Settings", "Simulation", "Addresses"],
            path: "Tests/RandomTables", swiftSettings: strict),
        .target(
            name: "PlayedKernel", dependencies: ["Netlink", "Linux", "Balancing", "Settings", "Addresses"],
            path: "Tests/PlayedKernel", swiftSettings: strict),
        .target(
            name: "DamagedAnswers", dependencies: ["Simulation"], path: "Tests/DamagedAnswers", swiftSettings: strict),
        .target(name: "CAllocations", path: "Tests/CAllocations"),

        tests("AddressesTests", ["Addresses"]),
        tests("SettingsTests", ["Settings", "Addresses"]),
        tests("SettingsFileTests", ["SettingsFile", "Settings", "Addresses"]),
        tests("HeartbeatTests", ["Heartbeat", "Simulation", "Pages", "Addresses"]),
        tests("ElectionTests", ["Election", "Heartbeat", "Simulation", "Pages", "Addresses"]),
        tests("SimulationTests", ["Simulation", "Election", "Heartbeat", "Pages", "Addresses"]),
        tests(
            "BalancingTests", ["Balancing", "Agreement", "RandomTables", "Simulation", "Settings", "Addresses"]),
        tests("AgreementTests", ["Agreement", "Simulation", "Settings", "Addresses"]),
        tests(
            "DialoguesTests",
            ["Dialogues", "Checks", "DamagedAnswers", "Simulation", "Agreement", "Settings", "Addresses"]),
        tests(
            "SealingTests",
            ["Sealing", "Election", "Heartbeat", "Simulation", "Pages", "CAllocations", "Addresses"]),
        tests(
            "NetlinkTests",
            [
                "Netlink", "PlayedKernel", "RandomTables", "Simulation", "Linux", "Balancing", "Settings",
                "Addresses",
            ]),
        tests("LinuxTests", ["Linux", "Addresses"]),
        tests(
            "ChecksTests",
            [
                "Checks", "Dialogues", "DamagedAnswers", "Simulation", "Agreement", "Settings", "Linux", "Addresses",
                "CLinux", "COpenSSL", nioCore, nioPosix,
            ]),
        tests("ControlTests", ["Control", "Simulation", "CLinux", "Addresses", logging, lifecycle, nioCore, nioPosix]),
        tests(
            "DirectorTests",
            [
                "Director", "Control", "Balancing", "Netlink", "PlayedKernel", "Linux", "Election", "Heartbeat",
                "Sealing", "Simulation", "Agreement", "Settings", "CAllocations", "Addresses",
            ]),
        tests("CommandsTests", ["Commands", "Drills", "Control", "Netlink", "SettingsFile", "Settings", "Addresses"]),
        tests("DrillsTests", ["Drills", "Pages", "Addresses"]),
        tests("TidyTests", []),
    ]
)
