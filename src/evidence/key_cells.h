/* Private to src/evidence: locked memory for the keys of a case, used again.
 *
 * A cell is sodium_malloc's: between guard pages, never swapped, never in a core dump. To make and unmake one takes a
 * dozen calls of the kernel, each of which stops the other threads of the process for a moment, and every request that
 * reads a case needs one or two. So a few that were given back are kept, wiped. Thread-safe. */
#pragma once

#include <glib.h>

#define KC_KEY_CELL_BYTES 64

gpointer kc_key_cell_take(void);
void kc_key_cell_give_back(gpointer cell); /* wipes it */
