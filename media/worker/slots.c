/* Invariant: a seat is in at most one slot. */
#include "media/worker/slots.h"

void
kc_slots_init(KcSlots *slots, guint n)
{
    *slots = (KcSlots){.n = MIN(n, KC_SLOTS_MAX)};
    for (guint i = 0; i < KC_SLOTS_MAX; i++)
        slots->source[i] = KC_SLOTS_NOBODY;
}

void
kc_slots_clear(KcSlots *slots)
{
    for (guint i = 0; i < slots->n_memory; i++)
        g_free(slots->memory[i].participant);
    slots->n_memory = 0;
}

static KcSlotMemory *
remembered(KcSlots *slots, const char *participant)
{
    for (guint i = 0; i < slots->n_memory; i++) {
        if (g_str_equal(slots->memory[i].participant, participant))
            return &slots->memory[i];
    }
    return NULL;
}

static void
remember(KcSlots *slots, const char *participant, guint slot)
{
    KcSlotMemory *memory = remembered(slots, participant);
    if (memory == NULL && slots->n_memory < KC_SLOTS_NAMES_MAX) {
        memory = &slots->memory[slots->n_memory++];
        memory->participant = g_strdup(participant);
    }
    if (memory != NULL)
        memory->slot = slot;
}

gint
kc_slots_enter(KcSlots *slots, guint seat, const char *participant)
{
    for (guint i = 0; i < slots->n; i++) {
        if (slots->source[i] == (gint)seat)
            return (gint)i;
    }
    const KcSlotMemory *memory = remembered(slots, participant);
    guint slot = memory != NULL && slots->source[memory->slot] == KC_SLOTS_NOBODY ? memory->slot : 0;
    while (slot < slots->n && slots->source[slot] != KC_SLOTS_NOBODY)
        slot++;
    if (slot >= slots->n)
        return KC_SLOTS_NOBODY;
    slots->source[slot] = (gint)seat;
    remember(slots, participant, slot);
    return (gint)slot;
}

void
kc_slots_leave(KcSlots *slots, guint seat)
{
    for (guint i = 0; i < slots->n; i++) {
        if (slots->source[i] == (gint)seat)
            slots->source[i] = KC_SLOTS_NOBODY;
    }
}
