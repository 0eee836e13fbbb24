#pragma once

// What Swift's Glibc module leaves out. No _GNU_SOURCE here: a header that defined it would show other
// modules a second version of libc's types. GNU-only calls are functions in gnu.c.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>
#include <linux/filter.h>

/// pthread_setname_np: at most 15 bytes.
int clinux_set_thread_name(const char *name);

/// setns for the calling thread alone, into the network namespace of this file (/run/netns/NAME): 0, or -1 with errno.
int clinux_enter_network(const char *path);

/// lstat: 0, or -1 with errno. A wrapper, because Swift counts struct stat as a part of whichever C module it saw first.
int clinux_file_identity(const char *path, uint64_t *device, uint64_t *inode, uint32_t *mode);

/// A frame within a row of bytes, and the index of the interface that it leaves on.
struct clinux_frame {
    uint32_t offset;
    uint32_t length;
    int32_t interface;
};

/// sendmmsg on a packet socket, as often as it takes: Ethernet frames of at least 14 bytes. A frame that the kernel
/// refuses is left out. How many were sent.
unsigned int clinux_send_frames(
    int descriptor, const uint8_t *bytes, const struct clinux_frame *frames, unsigned int count);

/// What clinux_spawn was at when it failed.
enum {
    CLINUX_SPAWN_PROCESS,
    CLINUX_SPAWN_DESCRIPTORS,
    CLINUX_SPAWN_FOLDER,
    CLINUX_SPAWN_USER,
    CLINUX_SPAWN_EXECUTE,
};

/// Runs a program in a session of its own, in the folder /, as another user, with nothing of this process but the two
/// descriptors: the pid and a pidfd, or -1 with errno and the stage. The program dies with the thread that calls.
int clinux_spawn(char *const *words, char *const *environment, int input, int output, uint32_t user, uint32_t group,
                 const uint32_t *groups, size_t group_count, int *pidfd, int *stage);

/// Makes this process the parent of descendants whose own parent ends before them (prctl(2), PR_SET_CHILD_SUBREAPER).
int clinux_adopt_orphans(void);

/// pipe2: the end to read from does not block and both close when a program is loaded.
int clinux_pipe(int descriptors[2]);

/// Whether somebody keeps the wall clock right (adjtimex(2), STA_UNSYNC): 1, 0, or -1 when the kernel does not say.
int clinux_is_clock_synchronised(void);

/// An address as its numbers, of IPv4 in `low` alone, and a port.
struct clinux_endpoint {
    uint64_t high;
    uint64_t low;
    uint16_t port;
    bool is_v6;
};

/// A TCP socket that does not block, for connections that end before their handshake does: closing or renewing it resets
/// them. Packets get the mark, unless that is 0 (socket(7), SO_MARK), and come from `source`, of 4 or 16 bytes, unless
/// that is NULL. The descriptor, or a negative errno.
int clinux_open_connect(bool is_v6, uint32_t mark, const uint8_t *source);

/// The same for connections over which something is said. The epoll has it as long as it is open, and tells with the
/// descriptor as its mark, once, whenever something has changed about it (epoll(7), EPOLLET).
int clinux_open_stream(int epoll, bool is_v6, uint32_t mark, const uint8_t *source);

/// Begins a connection. 0, or the errno that kept it from beginning.
int clinux_begin_connect(int descriptor, struct clinux_endpoint endpoint);

/// What has become of it: 0 it is there, EALREADY nothing yet, or the errno that kept it from being.
int clinux_ask_connect(int descriptor, struct clinux_endpoint endpoint);

/// Ends it and makes the socket as good as a new one. 0, or the errno that keeps it from being used again: without
/// CAP_NET_ADMIN EPERM.
int clinux_renew_connect(int descriptor);

/// An epoll: a descriptor, or -1 with errno.
int clinux_open_epoll(void);

/// Has the epoll tell, with the mark, when the connection has ended one way or the other. 0, or an errno.
int clinux_watch_connect(int epoll, uint64_t mark, int descriptor);

/// The marks of which the epoll has something to tell, at most `room` and 256 of them, without waiting. How many.
size_t clinux_told_marks(int epoll, uint64_t *marks, size_t room);

/// Whether nothing can go out from an address of 4 or 16 bytes because this machine, or the thread's network namespace,
/// does not have it: 1; or 0, where it is there or the kernel does not say. Sends nothing.
int clinux_lacks_address(const uint8_t *address, size_t length);

/// A raw ICMP socket for addresses of 4 or 16 bytes that does not block (raw(7), CAP_NET_RAW). Nothing waits in it but
/// replies to echo requests with this identifier, and errors about such requests; at most as many bytes as said, as the
/// kernel counts them. The descriptor, or a negative errno.
int clinux_open_echo(size_t length, uint16_t identifier, int received, int sent);

/// Sends an ICMP message to an address of 4 or 16 bytes, from `source`, of as many, unless that is NULL: 0, or an errno.
int clinux_send_echo(int descriptor, const uint8_t *address, size_t length, const uint8_t *source,
                     const uint8_t *message, size_t count);

/// The next packet, IPv4 with its header and IPv6 without, and the 4 or 16 bytes of whom it is from: how many bytes, or
/// -1 if none waits.
ptrdiff_t clinux_receive_echo(int descriptor, uint8_t *buffer, size_t room, uint8_t source[16]);
