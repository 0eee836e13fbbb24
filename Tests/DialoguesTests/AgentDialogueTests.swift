import Agreement
import Dialogues
import Settings
import Testing

struct AgentDialogueTests {
    static let answers = [
        "75%\n", "up\r\n", "down#no database\n", "ready,up 100%\n", "drain\tmaint , 0%\n", "stopped # for the night\n",
        "maxconn:30 fail\n", "busy\n",
    ]

    static let lines: [(String, Advice?)] = [
        ("75%", Advice(percent: 75)),
        ("0%", Advice(percent: 0)),
        ("100%", Advice(percent: 100)),
        ("00007%", Advice(percent: 7)),
        ("256%", Advice(percent: 100)),
        ("999999999%", Advice(percent: 100)),
        ("9999999999%", nil),
        ("-5%", nil),
        ("%", nil),
        ("75", nil),
        ("7 5%", Advice(percent: 5)),
        ("up", Advice(state: .up)),
        ("UP", Advice(state: .up)),
        ("down", Advice(state: .down)),
        ("fail", Advice(state: .fail)),
        ("stopped", Advice(state: .stopped)),
        ("ready", Advice(mode: .ready)),
        ("drain", Advice(mode: .drain)),
        ("Maint", Advice(mode: .maint)),
        ("ready up 75%", Advice(percent: 75, mode: .ready, state: .up)),
        ("75%,drain", Advice(percent: 75, mode: .drain)),
        ("\t, up ,,\t50% ", Advice(percent: 50, state: .up)),
        ("50% 60%", Advice(percent: 60)),
        ("down up", Advice(state: .up)),
        ("down # up", Advice(state: .down)),
        ("down#no database", Advice(state: .down)),
        ("#down", nil),
        ("maxconn:30", Advice()),
        ("maxconn:30 up", Advice(state: .up)),
        ("busy up", Advice(state: .up)),
        ("busy", nil),
        ("downward", nil),
        ("", nil),
        ("drain\u{0}", nil),
        ("dräin", nil),
    ]

    @Test(arguments: lines)
    func `reads the words of HAProxy's agents`(line: String, advice: Advice?) {
        #expect(AgentLine.read(Array(line.utf8)) == advice)
    }

    @Test func `bytes that are no text are no words`() {
        #expect(AgentLine.read([0xFF, 0xFE, 0x25]) == nil)
        #expect(AgentLine.read([0xFF, 0x20] + Array("up".utf8)) == Advice(state: .up))
    }

    private let dialogue = AgentDialogue(AgentSettings(port: 9000))

    @Test func `hears one line, ended or not`() {
        #expect(dialogue.outcome(of: "75%\nmaint\n") == .advised(Advice(percent: 75)))
        #expect(dialogue.outcome(of: "75%\r\n") == .advised(Advice(percent: 75)))
        #expect(dialogue.outcome(of: "75%") == .advised(Advice(percent: 75)))
        #expect(dialogue.outcome(of: "") == .fail(.closed))
        #expect(dialogue.outcome(of: "\n75%\n") == .fail(.unexpected))
        #expect(dialogue.outcome(of: "HTTP/1.1 200 OK\r\n") == .fail(.unexpected))
    }

    @Test func `a line has a longest`() {
        let longest = String(repeating: " ", count: AgentDialogue.longest - 2) + "up"
        #expect(dialogue.outcome(of: longest + "\n") == .advised(Advice(state: .up)))
        #expect(dialogue.outcome(of: " " + longest + "\n") == .fail(.unexpectedWithin(AgentDialogue.longest)))
        #expect(
            dialogue.outcome(of: String(repeating: "x", count: 1 << 20))
                == .fail(.unexpectedWithin(AgentDialogue.longest)))
    }

    @Test func `says what it is to say, and why it is late`() {
        var asking = AgentDialogue(AgentSettings(port: 9000, send: Array("shop\n".utf8)))
        #expect(asking.begin() == .say(Array("shop\n".utf8)))
        #expect(asking.late == .fail(.answerTimeout))
        #expect(asking.receive(Array("up".utf8)[...]) == .listen)
        #expect(asking.late == .fail(.unexpected))
        var hearing = dialogue
        #expect(hearing.begin() == .listen)
    }
}
