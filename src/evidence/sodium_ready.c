#include "src/evidence/sodium_ready.h"

#include <glib.h>

/* sodium_init is idempotent and thread-safe; it fails only on a machine without randomness. */
void
kc_sodium_ready(void)
{
    if (sodium_init() < 0)
        g_error("libsodium cannot be initialised: this machine has no source of randomness");
}
