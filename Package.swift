// swift-tools-version: 6.1

// AdMirror: a self-hosted, multi-layer cache of Facebook Marketing API data.
//
// The targets in layers. Dependencies only point to targets further up in this list.

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// Settings of the modules that tests run. Optimised, they take a third of the processor time. `swift build -Xswiftc -Onone`
/// is for debuggers.
let optimised: [SwiftSetting] = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A plain Swift module under Sources/.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: optimised)
}

/// A program under Sources/.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: optimised)
}

/// A test suite under Tests/.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The checks of what every parser has to do with whatever comes: a test suite, or for `scripts/fuzz` a program around
/// libFuzzer, which needs flags that must not be in every build.
let checkedParsers: [Target.Dependency] = [
    "Compression", "Endpoints", "FastCGI", "GraphAPI", "HTTPClient", "HTTPMessages", "Model", "Postgres", "Store",
    "ThumbnailFiles",
]
let fuzzing: Target =
    if let library = Context.environment["ADMIRROR_LIBFUZZER"] {
        .executableTarget(
            name: "fuzz",
            dependencies: checkedParsers,
            path: "Tests/FuzzTests",
            exclude: ["Corpus", "FuzzTests.swift", "Corpus.swift"],
            swiftSettings: settings,
            linkerSettings: [.unsafeFlags([library])]
        )
    } else {
        .testTarget(
            name: "FuzzTests",
            dependencies: checkedParsers,
            exclude: ["Corpus", "Fuzzer.swift"],
            swiftSettings: optimised
        )
    }

let package = Package(
    name: "admirror",
    products: [
        .executable(name: "admirror-responder", targets: ["admirror-responder"]),
        .executable(name: "admirror-sync", targets: ["admirror-sync"]),
        .executable(name: "admirror", targets: ["admirror"]),
        .executable(name: "admirror-thumbnails", targets: ["admirror-thumbnails"]),
        .executable(name: "admirror-simulator", targets: ["admirror-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // C libraries. Only thin wrappers import one.
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        // Not pkgConfig: its flags include one that SwiftPM warns of, and the library is where compilers look anyway.
        .systemLibrary(name: "CGD", providers: [.apt(["libgd-dev"])]),
        .systemLibrary(name: "CProcess"),
        .systemLibrary(name: "CIsal", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),

        // Plain values.
        module("ASCII"),
        module("HTTPMessages", ["ASCII"]),
        module("Model", ["ASCII"]),

        // Thin wrappers.
        module("Postgres", ["ASCII", "CPostgres"]),
        module("FastCGI", ["ASCII", "CFastCGI", "HTTPMessages"]),
        module("HTTPClient", ["CCurl", "CDeflate", "HTTPMessages"]),
        module("Compression", ["CIsal"]),
        module("Secrets", ["ASCII", "CSodium", crypto]),
        module("ThumbnailFiles"),
        module("Thumbnails", ["CGD", "Model"]),

        // What AdMirror is about.
        module("Store", ["Model", "Postgres", "Secrets"], resources: [.embedInCode("Migrations")]),
        module("GraphAPI", ["ASCII", "Model", "HTTPMessages", "Secrets"]),
        module("SyncEngine", ["Model", "GraphAPI", "Store", "Secrets"]),
        module("Endpoints", ["ASCII", "Model", "Store", "HTTPMessages", "Compression", "Secrets"]),
        module("GraphSimulator", ["CSodium", "HTTPMessages"]),

        // Programs.
        module("Program", ["ASCII", "CProcess", "GraphAPI", "Model", "Secrets", "Store", "ThumbnailFiles", logging]),
        module("FacebookCalls", ["GraphAPI", "HTTPClient", "HTTPMessages", "Model", "Program", "Store", "SyncEngine"]),
        program(
            "admirror-responder",
            ["Endpoints", "FastCGI", "HTTPMessages", "Model", "Program", "Secrets", "Store", logging]
        ),
        program(
            "admirror-sync",
            [
                "SyncEngine", "FacebookCalls", "GraphAPI", "Program", "Secrets", "Store", "Model", argumentParser,
                logging,
            ]
        ),
        program(
            "admirror",
            [
                "Endpoints", "Store", "SyncEngine", "FacebookCalls", "Program", "Secrets", "GraphAPI", "Model",
                argumentParser,
                logging,
            ]
        ),
        program("admirror-thumbnails", ["CProcess", "Model", "ThumbnailFiles", "Thumbnails"]),
        program("admirror-simulator", ["GraphSimulator", "FastCGI", "HTTPMessages", argumentParser]),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [
                "CDeflate", "GraphAPI", "GraphSimulator", "HTTPMessages", "Model", "Postgres", "Secrets", "Store",
                "SyncEngine",
            ],
            path: "Tests/TestSupport",
            swiftSettings: optimised
        ),
        .executableTarget(
            name: "streaming-responder",
            dependencies: ["FastCGI", "HTTPMessages", "Compression", "Postgres"],
            path: "Tests/StreamingResponder",
            swiftSettings: settings
        ),
        tests("ASCIITests", ["ASCII"]),
        tests("CompressionTests", ["Compression", "TestSupport"]),
        tests("FastCGITests", ["HTTPClient", "HTTPMessages", "Postgres", "TestSupport"]),
        tests("HTTPMessagesTests", ["HTTPMessages"]),
        tests("HTTPClientTests", ["HTTPClient", "HTTPMessages", "Compression"]),
        tests("ModelTests", ["Model"]),
        tests("ThumbnailsTests", ["GraphSimulator", "HTTPMessages", "Model", "ThumbnailFiles", "Thumbnails"]),
        tests("ProgramTests", ["CProcess", "Program", logging]),
        tests("SecretsTests", ["ASCII", "Secrets"]),
        tests("PostgresTests", ["Postgres", "TestSupport"]),
        tests("StoreTests", ["Store", "Model", "Postgres", "Secrets", "TestSupport"]),
        tests("GraphAPITests", ["GraphAPI", "GraphSimulator", "HTTPMessages", "Model", "TestSupport"]),
        tests("GraphSimulatorTests", ["GraphSimulator", "HTTPMessages"]),
        tests(
            "SyncEngineTests",
            [
                "SyncEngine", "GraphAPI", "GraphSimulator", "HTTPMessages", "Model", "Postgres", "Secrets", "Store",
                "TestSupport", "Thumbnails",
            ]
        ),
        tests(
            "EndpointsTests",
            [
                "Endpoints", "Compression", "GraphSimulator", "HTTPMessages", "Model", "Postgres", "Secrets", "Store",
                "SyncEngine", "TestSupport",
            ]
        ),
        fuzzing,
        tests("EndToEndTests", ["HTTPClient", "HTTPMessages", "Postgres", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
