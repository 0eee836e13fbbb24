package import Addresses

/// One change of a table: what one message to the kernel does.
package enum Step: Hashable, Sendable {
    case addService(ServiceIdentity, ServiceOptions)
    case editService(ServiceIdentity, ServiceOptions)
    case removeService(ServiceIdentity)
    case addServer(Endpoint, ServerOptions, of: ServiceIdentity)
    case editServer(Endpoint, ServerOptions, of: ServiceIdentity)
    case removeServer(Endpoint, of: ServiceIdentity)
}
