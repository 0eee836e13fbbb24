extension ProblemTests {
    static let textRows = Row.parse(
        #"""
        whole| a: *b⏎
          1:1: error: "a" is no key of the top level
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:4: error: alias *b is not accepted; write the value out, or use a pool or `defaults`

        whole| a: &b c⏎
          1:1: error: "a" is no key of the top level
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:4: error: anchor &b is not accepted; nothing can refer to it

        whole| a: !!str c⏎
          1:1: error: "a" is no key of the top level
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:4: error: tag tag:yaml.org,2002:str is not accepted; leave it out

        whole| <<: {}⏎
          1:1: error: merge keys (<<) are not accepted; write the keys out or use `defaults`
          1:1: error: pair is missing: the two directors, their addresses and their keys

        whole| a: [1⏎
          2:1: error: a comma or ] is missing

        whole| a: {b⏎
          2:1: error: a comma or } is missing

        whole| a:⏎⇥- b⏎
          2:1: error: this character cannot begin a value; quote the text, and indent with blanks, not tabs

        whole| a: b: c⏎
          1:5: error: a "key: value" cannot stand here; is the line before indented otherwise, or a \#
        colon not quoted?

        whole| ---⏎{}⏎---⏎{}⏎
          4:1: error: a second document begins; a file holds one

        whole| ? [a]⏎: b⏎
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:3: error: a list cannot be a key; keys are words

        whole| a: 'b⏎
          2:1: error: this is no YAML: while scanning a quoted scalar, found unexpected end of stream

        whole| %TAG ! x⏎--- a⏎
          2:5: error: expected a mapping with pair, groups, services …, found "a"

        whole| include: missing.yaml⏎
          1:10: error: missing.yaml: it cannot be opened: No such file or directory

        whole| include: '*/a.yaml'⏎
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:10: error: * and ? may stand in the last part of a path only

        whole| include: tandem.yaml⏎
          1:1: error: pair is missing: the two directors, their addresses and their keys
          1:10: error: tandem.yaml is included by itself or what it includes
        """#)
}
