#include "CLinux.h"

#include <errno.h>
// Before the kernel's headers, or in6_pktinfo is left out.
#include <netinet/in.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Types that lead to an echo reply or say why there is none (RFC 792; RFC 4443 3).
static int filter_types(int descriptor, int family) {
    if (family == AF_INET) {
        struct icmp_filter filter = {.data = ~(1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH |
                                               1u << ICMP_TIME_EXCEEDED | 1u << ICMP_PARAMETERPROB)};
        return setsockopt(descriptor, SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
    }
    struct icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter);
    ICMP6_FILTER_SETPASS(ICMP6_PARAM_PROB, &filter);
    return setsockopt(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
}

// The identifier of a reply, or of the request that an error quotes, has to be ours. A raw socket shows its filter the
// IPv4 header (net/ipv4/raw.c, raw_rcv) and no IPv6 header (net/ipv6/raw.c, rawv6_rcv).
static int filter_identifier(int descriptor, int family, uint16_t identifier) {
    uint8_t reply = family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
    // An error has 8 bytes of its own before the packet that it quotes, whose IP header has no options.
    uint32_t quoted = 8 + (family == AF_INET ? 20 : 40) + 4;
    struct sock_filter steps[] = {
        family == AF_INET ? (struct sock_filter)BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0)
                          : (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM, 0),
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, reply, 0, 2),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, quoted),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identifier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = sizeof steps / sizeof *steps, .filter = steps};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

// As much as that, where the director may have more than everybody else.
static void set_queue(int descriptor, int forced, int plain, int bytes) {
    if (setsockopt(descriptor, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
        setsockopt(descriptor, SOL_SOCKET, plain, &bytes, sizeof bytes);
}

int clinux_open_echo(size_t length, uint16_t identifier, int received, int sent) {
    int family = length == 4 ? AF_INET : AF_INET6;
    int descriptor = socket(
        family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    if (descriptor < 0) return -errno;
    if (filter_types(descriptor, family) != 0 || filter_identifier(descriptor, family, identifier) != 0) {
        int refusal = errno;
        close(descriptor);
        return -refusal;
    }
    set_queue(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, received);
    set_queue(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, sent);
    return descriptor;
}

// Of what is sent, the source (ip(7), IP_PKTINFO; RFC 3542 6.2).
static void put_source(struct msghdr *header, const uint8_t *source, size_t length) {
    struct in_pktinfo v4 = {0};
    struct in6_pktinfo v6 = {0};
    int is_v4 = length == sizeof v4.ipi_spec_dst;
    if (is_v4) memcpy(&v4.ipi_spec_dst, source, length);
    if (length == sizeof v6.ipi6_addr) memcpy(&v6.ipi6_addr, source, length);
    size_t size = is_v4 ? sizeof v4 : sizeof v6;
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
    control->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), is_v4 ? (void *)&v4 : (void *)&v6, size);
    header->msg_controllen = CMSG_SPACE(size);
}

int clinux_send_echo(int descriptor, const uint8_t *address, size_t length, const uint8_t *source,
                     const uint8_t *message, size_t count) {
    // A port, which ICMP has not, would be refused (net/ipv6/raw.c, rawv6_sendmsg).
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (length == sizeof v4.sin_addr) memcpy(&v4.sin_addr, address, length);
    if (length == sizeof v6.sin6_addr) memcpy(&v6.sin6_addr, address, length);
    struct iovec bytes = {.iov_base = (void *)message, .iov_len = count};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr header = {
        .msg_name = length == 4 ? (void *)&v4 : (void *)&v6,
        .msg_namelen = length == 4 ? sizeof v4 : sizeof v6,
        .msg_iov = &bytes,
        .msg_iovlen = 1,
    };
    if (source != NULL) {
        header.msg_control = &control;
        header.msg_controllen = sizeof control;
        put_source(&header, source, length);
    }
    ssize_t sent = sendmsg(descriptor, &header, 0);
    return sent < 0 ? errno : 0;
}

ptrdiff_t clinux_receive_echo(int descriptor, uint8_t *buffer, size_t room, uint8_t source[16]) {
    struct sockaddr_storage from;
    memset(&from, 0, sizeof from);
    socklen_t size = sizeof from;
    ssize_t count = recvfrom(descriptor, buffer, room, 0, (struct sockaddr *)&from, &size);
    if (count < 0) return -1;
    if (from.ss_family == AF_INET) memcpy(source, &((struct sockaddr_in *)&from)->sin_addr, 4);
    if (from.ss_family == AF_INET6) memcpy(source, &((struct sockaddr_in6 *)&from)->sin6_addr, 16);
    return count;
}
