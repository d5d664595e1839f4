/* Random bytes from the kernel (libsodium's randombytes). Thread-safe; aborts if the machine has no randomness. */
#pragma once

#include <glib.h>

void kc_random_bytes(void *ret_bytes, gsize len);
