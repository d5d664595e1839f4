/* Invariant: what waits in `spare` is all zero. */
#include "src/evidence/key_cells.h"

#include "src/evidence/keyring.h"
#include "src/evidence/sodium_ready.h"

/* As many as requests read cases at the same time, each with two keys; a cell takes four pages, one of them locked. */
#define SPARE_CELLS 16

static GMutex lock;
static gpointer spare[SPARE_CELLS];
static guint spares;

gpointer
kc_key_cell_take(void)
{
    g_mutex_lock(&lock);
    gpointer cell = spares > 0 ? spare[--spares] : NULL;
    g_mutex_unlock(&lock);
    return cell != NULL ? cell : kc_secure_new(KC_KEY_CELL_BYTES);
}

void
kc_key_cell_give_back(gpointer cell)
{
    sodium_memzero(cell, KC_KEY_CELL_BYTES);
    g_mutex_lock(&lock);
    gboolean kept = spares < SPARE_CELLS;
    if (kept)
        spare[spares++] = cell;
    g_mutex_unlock(&lock);
    if (!kept)
        sodium_free(cell);
}
