#pragma once

#include <stdint.h>

/// How many blocks of memory the calling thread has asked for since it began. Linking this target puts a counter in
/// front of malloc and its kin for the whole test binary; memory itself still comes from glibc.
uint64_t callocations_count(void);
