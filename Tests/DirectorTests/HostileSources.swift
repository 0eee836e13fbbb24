/// Small programs in C that no director should meet, built by a test with the toolchain's clang.
enum HostileSources {
    /// To be preloaded: a wall clock that is five hours fast and seven hours slow in turns, twice a second.
    static let wallClock = """
        #include <sys/syscall.h>
        #include <time.h>
        #include <unistd.h>
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = (int)syscall(SYS_clock_gettime, clock, time);
            if (result != 0 || clock != CLOCK_REALTIME) return result;
            struct timespec steady;
            syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &steady);
            time->tv_sec += steady.tv_nsec < 500000000 ? 5 * 3600 : -7 * 3600;
            return 0;
        }
        """

    /// To be preloaded: while the file REFUSE is there, no address is changed for lack of a capability. The kernel itself
    /// says so, for the thread goes without CAP_NET_ADMIN meanwhile.
    static let refusal = """
        #include <linux/capability.h>
        #include <linux/rtnetlink.h>
        #include <stdlib.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        static void permit(int is_so) {
            struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
            struct __user_cap_data_struct sets[2];
            unsigned bit = 1u << CAP_NET_ADMIN;
            if (syscall(SYS_capget, &head, sets) != 0) return;
            sets[0].effective = is_so ? sets[0].effective | (sets[0].permitted & bit) : sets[0].effective & ~bit;
            syscall(SYS_capset, &head, sets);
        }
        ssize_t send(int end, const void *bytes, size_t length, int flags) {
            const struct nlmsghdr *message = bytes;
            int domain = 0, protocol = -1;
            socklen_t room = sizeof domain;
            getsockopt(end, SOL_SOCKET, SO_DOMAIN, &domain, &room);
            getsockopt(end, SOL_SOCKET, SO_PROTOCOL, &protocol, &room);
            int is_refused = domain == AF_NETLINK && protocol == NETLINK_ROUTE && length >= sizeof *message
                && (message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_DELADDR)
                && access(getenv("REFUSE"), F_OK) == 0;
            if (is_refused) permit(0);
            ssize_t sent = syscall(SYS_sendto, end, bytes, length, flags, NULL, 0);
            if (is_refused) permit(1);
            return sent;
        }
        """

    /// Sends a pair's own heartbeats again, whole and changed, as fast as it can.
    static let flood = """
        #include <arpa/inet.h>
        #include <linux/if_ether.h>
        #include <linux/if_packet.h>
        #include <net/if.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <time.h>
        #include <unistd.h>

        enum { kept = 256, room = 1600 };
        static unsigned char frames[kept][room];
        static int lengths[kept], count;

        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec + time.tv_nsec / 1e9;
        }

        static int is_heartbeat(const unsigned char *frame, int length, unsigned target) {
            unsigned address;
            memcpy(&address, frame + 30, 4);
            return length > 60 && frame[12] == 8 && frame[13] == 0 && frame[23] == 17 && address == target
                && frame[36] == 0x15 && frame[37] == 0x0e;
        }

        // flood INTERFACE ADDRESS RECORD SECONDS: listens so long for heartbeats to the address, then sends them again, whole and
        // changed, as fast as it can.
        int main(int argc, char **argv) {
            if (argc != 5) return 2;
            int end = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
            struct sockaddr_ll name = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
            name.sll_ifindex = (int)if_nametoindex(argv[1]);
            if (end < 0 || name.sll_ifindex == 0 || bind(end, (void *)&name, sizeof name) != 0) return 1;
            unsigned target = inet_addr(argv[2]);
            double until = now() + atof(argv[3]);
            while (now() < until && count < kept) {
                int length = (int)recv(end, frames[count], room, MSG_DONTWAIT);
                if (length > 0 && is_heartbeat(frames[count], length, target)) lengths[count++] = length;
                if (length <= 0) usleep(200);
            }
            if (count == 0) return 3;
            unsigned long sent = 0, seed = 1;
            for (until = now() + atof(argv[4]); now() < until;) {
                for (int burst = 0; burst < 64; burst++) {
                    unsigned char frame[room];
                    int which = (int)(sent % (unsigned)count), length = lengths[which];
                    memcpy(frame, frames[which], (size_t)length);
                    frame[40] = frame[41] = 0; // no checksum
                    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
                    // One in four as it was; the others with another byte, half of those behind the frame's head.
                    if (sent % 4) frame[(sent % 2 ? 62 : 42) + (seed >> 33) % (unsigned long)(length - 62)] ^= 1 | seed >> 56;
                    // A fourth of the changed ones is said to be a hello.
                    if (sent % 16 == 3) memset(frame + 46, 0, 16);
                    sent += send(end, frame, (size_t)length, 0) == length;
                }
            }
            printf("%lu datagrams\\n", sent);
            return 0;
        }
        """

    /// Claims addresses in gratuitous ARP replies.
    static let claims = """
        #include <arpa/inet.h>
        #include <linux/if_ether.h>
        #include <linux/if_packet.h>
        #include <net/if.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <time.h>
        #include <unistd.h>

        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec + time.tv_nsec / 1e9;
        }

        // claims INTERFACE ADDRESS SECONDS MICROSECONDS: one every so many microseconds, 0 for as fast as it can; 0.0.0.0
        // means another address each time.
        int main(int argc, char **argv) {
            if (argc != 5) return 2;
            int end = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ARP));
            struct sockaddr_ll name = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP)};
            name.sll_ifindex = (int)if_nametoindex(argv[1]);
            if (end < 0 || name.sll_ifindex == 0 || bind(end, (void *)&name, sizeof name) != 0) return 1;
            unsigned address = inet_addr(argv[2]), any = address == 0;
            useconds_t pause = (useconds_t)atoi(argv[4]);
            unsigned long sent = 0, seed = 1;
            static const unsigned char head[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0xaa, 0, 0, 0, 1, 8, 6,
                0, 1, 8, 0, 6, 4, 0, 2, 2, 0xaa, 0, 0, 0, 1};
            for (double until = now() + atof(argv[3]); now() < until;) {
                for (int burst = 0; burst < (pause ? 1 : 64); burst++) {
                    unsigned char frame[60] = {0};
                    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
                    if (any) address = (unsigned)(seed >> 32);
                    memcpy(frame, head, sizeof head);
                    memcpy(frame + 28, &address, 4);
                    memcpy(frame + 32, head, 6);
                    memcpy(frame + 38, &address, 4);
                    sent += send(end, frame, sizeof frame, 0) == sizeof frame;
                }
                if (pause) usleep(pause);
            }
            printf("%lu frames\\n", sent);
            return 0;
        }
        """
}

extension Namespaces {
    /// Builds a program, or a library to be preloaded, in the folder of the lab.
    func build(_ source: String, as name: String, flags: String = "") throws {
        try write(source, to: "\(name).c")
        try shell("clang -O2 \(flags) -o \(folder)/\(name) \(folder)/\(name).c")
    }
}
