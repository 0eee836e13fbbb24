#include "CLinux.h"

#include <sys/timex.h>

int clinux_is_clock_synchronised(void) {
    struct timex state = {.modes = 0};
    if (adjtimex(&state) < 0) return -1;
    return (state.status & STA_UNSYNC) == 0;
}
