import Addresses
import Balancing
import Settings

/// Shorthand of these tests: text that is wrong ends the test run.
func endpoint(_ text: String) -> Endpoint {
    guard let endpoint = Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
    return endpoint
}

func tcp(_ text: String) -> ServiceIdentity { .endpoint(.tcp, endpoint(text)) }

func udp(_ text: String) -> ServiceIdentity { .endpoint(.udp, endpoint(text)) }
