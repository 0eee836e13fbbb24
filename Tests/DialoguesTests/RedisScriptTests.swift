import Agreement
import Dialogues
import Settings
import Testing

struct RedisScriptTests {
    static func dialogue(_ check: RedisCheck = RedisCheck(), _ password: String? = nil) -> LineDialogue<RedisScript> {
        LineDialogue(RedisScript(check, password: password.map { Secret(Array($0.utf8)) }))
    }

    static let ping = Recorded.client("*1\r\n$4\r\nPING\r\n")

    /// As redis-server 7.0 of Debian 12 speaks RESP2.
    static let recordings: [(RedisCheck, String?, [Recorded])] = [
        (RedisCheck(), nil, [ping, .server("+PONG\r\n")]),
        // A password may hold the signs that end a line: its length is said.
        (
            RedisCheck(), "a\r\nb",
            [.client("*2\r\n$4\r\nAUTH\r\n$4\r\na\r\nb\r\n"), .server("+OK\r\n"), ping, .server("+PONG\r\n")]
        ),
        (
            RedisCheck(user: "probe", role: .master), "secret",
            [
                .client("*3\r\n$4\r\nAUTH\r\n$5\r\nprobe\r\n$6\r\nsecret\r\n"), .server("+OK\r\n"), ping,
                .server("+PONG\r\n"), .client("*1\r\n$4\r\nROLE\r\n"),
                // Role, offset, and no replicas; the role is enough.
                .server("*3\r\n$6\r\nmaster\r\n"),
            ]
        ),
        (
            RedisCheck(role: .replica), nil,
            [
                ping, .server("+PONG\r\n"), .client("*1\r\n$4\r\nROLE\r\n"),
                // Of a replica: its master's address and port, the state and the offset follow.
                .server("*5\r\n$5\r\nslave\r\n"),
            ]
        ),
    ]

    @Test(arguments: recordings)
    func `speaks as a Redis server expects it`(check: RedisCheck, password: String?, recording: [Recorded]) {
        #expect(Self.dialogue(check, password).play(recording) == .pass)
    }

    static let errors: [(String, RedisFailure)] = [
        ("-NOAUTH Authentication required.", .withoutPassword),
        ("-WRONGPASS invalid username-password pair or user is disabled.", .wrongPassword),
        ("-ERR invalid password", .wrongPassword),
        (
            "-ERR AUTH <password> called without any password configured for the default user. Are you sure your "
                + "configuration is correct?", .passwordUnwanted
        ),
        ("-ERR Client sent AUTH, but no password is set", .passwordUnwanted),
        ("-NOPERM this user has no permissions to run the 'ping' command", .notPermitted),
        (
            "-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for "
                + "the default user.", .protected
        ),
        ("-ERR max number of clients reached", .tooManyClients),
        ("-LOADING Redis is loading the dataset in memory", .loading),
        ("-BUSY Redis is busy running a script.", .busy),
        ("-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", .masterDown),
        ("-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist", .cannotPersist),
        ("-ERR unknown command 'PING'", .refused),
        ("-", .refused),
        ("+PONGO", .malformed),
        ("+OK", .malformed),
        ("PONG", .malformed),
        ("", .malformed),
        ("$4", .malformed),
        ("HTTP/1.1 400 Bad Request", .malformed),
    ]

    @Test(arguments: errors) func `names what a server says`(line: String, expected: RedisFailure) {
        #expect(Self.dialogue().outcome(of: line + "\r\n") == .fail(.redis(expected)))
    }

    static let roles: [(String, Outcome)] = [
        ("+PONG\r\n*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n", .pass),
        ("+PONG\r\n*5\r\n$5\r\nslave\r\n", .fail(.redis(.otherRole))),
        ("+PONG\r\n*2\r\n$8\r\nsentinel\r\n", .fail(.redis(.otherRole))),
        ("+PONG\r\n-NOPERM this user has no permissions\r\n", .fail(.redis(.notPermitted))),
        ("+PONG\r\n+master\r\n", .fail(.redis(.malformed))),
        ("+PONG\r\n*3\r\n:1\r\n", .fail(.redis(.malformed))),
        ("+PONG\r\n*3\r\n$6\r\nmast", .fail(.closed)),
        ("+PONG\r\n", .fail(.closed)),
        ("", .fail(.closed)),
        (String(repeating: "x", count: 4097), .fail(.overlong(4096))),
    ]

    @Test(arguments: roles) func `judges a master`(answer: String, expected: Outcome) {
        #expect(Self.dialogue(RedisCheck(role: .master)).outcome(of: answer) == expected)
    }

    @Test func `survives damaged answers`() {
        let answers = Self.roles.map(\.0) + Self.errors.map { $0.0 + "\r\n" }
        MutationTests.expectSameOutcomeOfPieces(
            Self.dialogue(RedisCheck(role: .master)), answers.map { Array($0.utf8) })
        MutationTests.expectSameOutcomeOfPieces(
            Self.dialogue(RedisCheck(), "secret"), ["+OK\r\n+PONG\r\n"].map { Array($0.utf8) })
    }

    @Test func `no text holds a secret`() {
        let secret = Secret(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Self.dialogue(RedisCheck(), "hunter2"), to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains("hunter2") && !text.contains("104"), "\(text)")
        }
    }
}
