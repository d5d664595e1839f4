/* Private to src/evidence: libsodium, initialised once. Every public function that uses it calls this first. */
#pragma once

#include <sodium.h>

void kc_sodium_ready(void);
