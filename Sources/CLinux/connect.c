#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_open_connects(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_begin_connect(int epoll, uint64_t mark, const uint8_t *address, size_t length, uint16_t port,
                         uint32_t packet_mark) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const struct sockaddr *target = length == 4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    if (length == sizeof v4.sin_addr) memcpy(&v4.sin_addr, address, length);
    if (length == sizeof v6.sin6_addr) memcpy(&v6.sin6_addr, address, length);
    int descriptor = socket(target->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // Whoever wants no mark needs no right to set one.
    if (packet_mark != 0 &&
        setsockopt(descriptor, SOL_SOCKET, SO_MARK, &packet_mark, sizeof packet_mark) != 0) {
        int refusal = errno;
        close(descriptor);
        return -refusal;
    }
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    // Who will not send anything need not be quick to acknowledge: the reset comes before the third packet of the
    // handshake, and the server's program is never woken. tcp(7), TCP_QUICKACK; net/ipv4/tcp_input.c,
    // tcp_rcv_synsent_state_process, where the acknowledgement then waits for up to 200 ms.
    int slowly = 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_QUICKACK, &slowly, sizeof slowly);
    struct epoll_event event = {.events = EPOLLOUT, .data.u64 = mark};
    int status = connect(descriptor, target, length == 4 ? sizeof v4 : sizeof v6);
    int is_begun = status == 0 || errno == EINPROGRESS;
    if (is_begun && epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0) return descriptor;
    int number = errno;
    close(descriptor);
    return -number;
}

size_t clinux_ended_connects(int epoll, uint64_t *marks, size_t room) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, room < 256 ? (int)room : 256, 0);
    for (int index = 0; index < count; index++) marks[index] = events[index].data.u64;
    return count < 0 ? 0 : (size_t)count;
}

int clinux_end_connect(int descriptor) {
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) != 0) number = errno;
    // No error is no proof. And where nobody listens on this machine, a socket that was given the very port which it
    // connects to is connected to itself (RFC 9293 3.5, simultaneous open).
    struct sockaddr_storage own, peer;
    memset(&own, 0, sizeof own);
    memset(&peer, 0, sizeof peer);
    socklen_t own_size = sizeof own;
    size = sizeof peer;
    if (number == 0 && getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0) number = errno;
    if (number == 0 && getsockname(descriptor, (struct sockaddr *)&own, &own_size) != 0) number = errno;
    if (number == 0 && memcmp(&own, &peer, sizeof own) == 0) number = ECONNREFUSED;
    close(descriptor);
    return number;
}
