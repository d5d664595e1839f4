#include "src/evidence/random.h"
#include "src/evidence/sodium_ready.h"

void
kc_random_bytes(void *ret_bytes, gsize len)
{
    kc_sodium_ready();
    randombytes_buf(ret_bytes, len);
}
