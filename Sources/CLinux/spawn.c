#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    char *const *words;
    char *const *environment;
    int input;
    int output;
    uid_t user;
    gid_t group;
    const uint32_t *groups;
    size_t group_count;
    int stage;
    int error;
};

/// What a command must not inherit from a daemon that is in a hurry: real-time scheduling, a nice value, protection
/// from the kernel's out-of-memory killer, more open files than select(2) can count. Where the kernel refuses, the
/// command runs as it is.
static void become_ordinary(void) {
    struct sched_param ordinary = {0};
    sched_setscheduler(0, SCHED_OTHER, &ordinary);
    setpriority(PRIO_PROCESS, 0, 0);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_RTPRIO, &none);
    setrlimit(RLIMIT_CORE, &none);
    // What select(2) can count.
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > FD_SETSIZE) {
        files.rlim_cur = FD_SETSIZE;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        if (write(file, "0", 1) < 0) errno = 0;
        close(file);
    }
}

static int take_descriptors(const struct job *job) {
    int input = fcntl(job->input, F_DUPFD, 3);
    int output = fcntl(job->output, F_DUPFD, 3);
    if (input < 0 || output < 0) return -1;
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) return -1;
    return (int)syscall(SYS_close_range, 3U, ~0U, 0U);
}

/// By system calls: the C library's functions would also change every other thread of the daemon, whose memory this
/// child still shares.
static int become_user(const struct job *job) {
    if (geteuid() != 0 && geteuid() == job->user) return 0;
    if (syscall(SYS_setgroups, job->group_count, job->groups) != 0) return -1;
    if (syscall(SYS_setresgid, job->group, job->group, job->group) != 0) return -1;
    if (syscall(SYS_setresuid, job->user, job->user, job->user) != 0) return -1;
    if (job->user != 0) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return 0;
}

static int run_child(void *argument) {
    struct job *job = argument;
    // A handler of the daemon's must not run here, in its memory. By the system call (rt_sigaction(2), all zero is the
    // default): the C library keeps two signals to itself.
    const unsigned long standard[8] = {0};
    for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, standard, NULL, 8);
    setsid();
    job->stage = CLINUX_SPAWN_DESCRIPTORS;
    if (take_descriptors(job) != 0) goto failed;
    become_ordinary();
    umask(022);
    job->stage = CLINUX_SPAWN_FOLDER;
    if (chdir("/") != 0) goto failed;
    job->stage = CLINUX_SPAWN_USER;
    if (become_user(job) != 0) goto failed;
    // After the user: the kernel forgets it when that changes (prctl(2)).
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    job->stage = CLINUX_SPAWN_EXECUTE;
    execve(job->words[0], job->words, job->environment);
failed:
    job->error = errno;
    _exit(127);
}

/// One child at a time: it runs on this stack, and between its change of user and its execution nobody may make the
/// daemon's memory readable for that user again.
static pthread_mutex_t spawning = PTHREAD_MUTEX_INITIALIZER;
static char stack[64 * 1024] __attribute__((aligned(64)));

int clinux_spawn(char *const *words, char *const *environment, int input, int output, uint32_t user, uint32_t group,
                 const uint32_t *groups, size_t group_count, int *pidfd, int *stage) {
    struct job job = {words, environment, input, output, user, group, groups, group_count, CLINUX_SPAWN_PROCESS, 0};
    sigset_t everything, before;
    sigfillset(&everything);
    pthread_mutex_lock(&spawning);
    pthread_sigmask(SIG_SETMASK, &everything, &before);
    int dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
    // Shared memory instead of a copy: copying would make the heart's next writes page faults (clone(2), vfork(2)).
    int pid = clone(run_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &job, pidfd);
    int error = pid < 0 ? errno : job.error;
    if (dumpable == 1) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_unlock(&spawning);
    *stage = job.stage;
    if (error == 0) return pid;
    if (pid > 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
        close(*pidfd);
    }
    errno = error;
    return -1;
}

int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int clinux_pipe(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) != 0) return -1;
    return fcntl(descriptors[0], F_SETFL, O_NONBLOCK);
}
