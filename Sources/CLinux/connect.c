#include "CLinux.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

union name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// Of 4 or 16 bytes. How long it is.
static socklen_t make_name(union name *name, const uint8_t *address, size_t length, uint16_t port) {
    memset(name, 0, sizeof *name);
    if (length == sizeof name->v4.sin_addr) {
        name->v4.sin_family = AF_INET;
        name->v4.sin_port = htons(port);
        memcpy(&name->v4.sin_addr, address, length);
        return sizeof name->v4;
    }
    name->v6.sin6_family = AF_INET6;
    name->v6.sin6_port = htons(port);
    if (length == sizeof name->v6.sin6_addr) memcpy(&name->v6.sin6_addr, address, length);
    return sizeof name->v6;
}

static socklen_t name_endpoint(union name *name, struct clinux_endpoint endpoint) {
    uint32_t v4 = htonl((uint32_t)endpoint.low);
    uint64_t v6[] = {htobe64(endpoint.high), htobe64(endpoint.low)};
    const void *address = endpoint.is_v6 ? (void *)v6 : (void *)&v4;
    return make_name(name, address, endpoint.is_v6 ? sizeof v6 : sizeof v4, endpoint.port);
}

// The port is chosen when the socket connects, so that sockets of one address to different servers can have the same
// (ip(7), IP_BIND_ADDRESS_NO_PORT).
static int bind_address(int descriptor, const uint8_t *address, size_t length) {
    int late = 1;
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late);
    union name name;
    socklen_t size = make_name(&name, address, length, 0);
    return bind(descriptor, &name.any, size);
}

// A socket whose end is a reset. Or a negative errno.
static int open_socket(bool is_v6, uint32_t mark, const uint8_t *source) {
    int descriptor = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // Whoever wants no mark needs no right to set one.
    if ((source != NULL && bind_address(descriptor, source, is_v6 ? 16 : 4) != 0) ||
        (mark != 0 && setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)) {
        int refusal = errno;
        close(descriptor);
        return -refusal;
    }
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    return descriptor;
}

int clinux_open_connect(bool is_v6, uint32_t mark, const uint8_t *source) {
    int descriptor = open_socket(is_v6, mark, source);
    if (descriptor < 0) return descriptor;
    // Who will not send anything need not be quick to acknowledge: the reset comes before the third packet of the
    // handshake, and the server's program is never woken. This option lasts for the socket's next connections too, which
    // that of tcp(7), TCP_QUICKACK, does not (net/ipv4/tcp_input.c, tcp_rcv_synsent_state_process, where the
    // acknowledgement then waits for up to 200 ms; net/ipv4/tcp.c, tcp_disconnect).
    int seconds = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds);
    return descriptor;
}

int clinux_open_stream(int epoll, bool is_v6, uint32_t mark, const uint8_t *source) {
    int descriptor = open_socket(is_v6, mark, source);
    if (descriptor < 0) return descriptor;
    int now = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = (uint64_t)descriptor};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        int refusal = errno;
        close(descriptor);
        return -refusal;
    }
    return descriptor;
}

int clinux_begin_connect(int descriptor, struct clinux_endpoint endpoint) {
    union name target;
    socklen_t size = name_endpoint(&target, endpoint);
    return connect(descriptor, &target.any, size) == 0 || errno == EINPROGRESS ? 0 : errno;
}

int clinux_ask_connect(int descriptor, struct clinux_endpoint endpoint) {
    union name target, own;
    socklen_t size = name_endpoint(&target, endpoint);
    // What became of the one before (net/ipv4/af_inet.c, __inet_stream_connect).
    if (connect(descriptor, &target.any, size) != 0 && errno != EISCONN) return errno;
    // Where nobody listens on this machine, a socket that was given the very port which it connects to is connected to
    // itself (RFC 9293 3.5, simultaneous open).
    memset(&own, 0, sizeof own);
    size = sizeof own;
    if (getsockname(descriptor, &own.any, &size) != 0) return errno;
    return memcmp(&own, &target, sizeof own) == 0 ? ECONNREFUSED : 0;
}

int clinux_renew_connect(int descriptor) {
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (connect(descriptor, &nobody, sizeof nobody) != 0) return errno;
    // The kernel would count the sequence numbers on, and whoever saw one could guess the next and answer in another
    // server's place. 0 makes it draw one, as for a new socket (net/ipv4/tcp_ipv4.c, tcp_v4_connect).
    int draw = 0, on = 1, queue = TCP_SEND_QUEUE, off = TCP_REPAIR_OFF_NO_WP;
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_QUEUE_SEQ, &draw, sizeof draw) == 0) return 0;
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0 ||
        setsockopt(descriptor, IPPROTO_TCP, TCP_REPAIR_QUEUE, &queue, sizeof queue) != 0 ||
        setsockopt(descriptor, IPPROTO_TCP, TCP_REPAIR, &off, sizeof off) != 0 ||
        setsockopt(descriptor, IPPROTO_TCP, TCP_QUEUE_SEQ, &draw, sizeof draw) != 0)
        return errno;
    return 0;
}

int clinux_open_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_watch_connect(int epoll, uint64_t mark, int descriptor) {
    struct epoll_event event = {.events = EPOLLOUT, .data.u64 = mark};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

size_t clinux_told_marks(int epoll, uint64_t *marks, size_t room) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, room < 256 ? (int)room : 256, 0);
    for (int index = 0; index < count; index++) marks[index] = events[index].data.u64;
    return count < 0 ? 0 : (size_t)count;
}

// Whether a datagram from there, or from wherever the kernel likes, to the address itself would come from it: 1 or 0, or
// -1 where the kernel does not say.
static int speaks_to_itself(const uint8_t *address, size_t length, int is_bound) {
    union name name, own;
    socklen_t size = make_name(&name, address, length, 9), own_size = sizeof own;
    int descriptor = socket(name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno == EAFNOSUPPORT ? 0 : -1;
    int speaks = 0;
    if (is_bound && bind_address(descriptor, address, length) != 0) {
        speaks = errno == EADDRNOTAVAIL ? 0 : -1;
    } else if (connect(descriptor, &name.any, size) == 0 && getsockname(descriptor, &own.any, &own_size) == 0) {
        speaks = length == sizeof own.v4.sin_addr ? memcmp(&own.v4.sin_addr, address, length) == 0
                                                  : memcmp(&own.v6.sin6_addr, address, length) == 0;
    }
    close(descriptor);
    return speaks;
}

int clinux_lacks_address(const uint8_t *address, size_t length) {
    int is_bindable = speaks_to_itself(address, length, 1);
    if (is_bindable <= 0) return is_bindable == 0;
    // Where strange addresses can be bound to (net.ipv4.ip_nonlocal_bind) there is still no route from them
    // (net/ipv4/route.c, ip_route_output_key_hash_rcu), but with IPv6. Whoever has an address and speaks to it does so
    // from it, if he may choose (RFC 6724 5, rule 1).
    return length != 4 && speaks_to_itself(address, length, 0) == 0;
}
