#include "CLinux.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

int clinux_set_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

enum { frames_per_call = 64 };

static void prepare(
    const uint8_t *bytes, const struct clinux_frame *frame, struct sockaddr_ll *to, struct iovec *data,
    struct msghdr *message)
{
    const uint8_t *start = bytes + frame->offset;
    memset(to, 0, sizeof *to);
    to->sll_family = AF_PACKET;
    memcpy(&to->sll_protocol, start + 12, sizeof to->sll_protocol);
    to->sll_ifindex = frame->interface;
    to->sll_halen = 6;
    data->iov_base = (void *)start;
    data->iov_len = frame->length;
    memset(message, 0, sizeof *message);
    message->msg_name = to;
    message->msg_namelen = sizeof *to;
    message->msg_iov = data;
    message->msg_iovlen = 1;
}

unsigned int clinux_send_frames(
    int descriptor, const uint8_t *bytes, const struct clinux_frame *frames, unsigned int count)
{
    struct sockaddr_ll to[frames_per_call];
    struct iovec data[frames_per_call];
    struct mmsghdr messages[frames_per_call];
    unsigned int next = 0, sent = 0;
    while (next < count) {
        unsigned int size = count - next < frames_per_call ? count - next : frames_per_call;
        for (unsigned int i = 0; i < size; i++) {
            prepare(bytes, &frames[next + i], &to[i], &data[i], &messages[i].msg_hdr);
        }
        int done = sendmmsg(descriptor, messages, size, 0);
        if (done > 0) sent += done;
        // The first that was not sent is the one that was refused.
        next += done > 0 ? done : 1;
    }
    return sent;
}
