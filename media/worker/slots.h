/* Who comes to one participant in which slot. A slot is held until its source leaves; who comes takes the lowest that is
 * free, who comes back the one it had, if that is free; who finds none waits for one. Pure. */
#pragma once

#include <glib.h>

#define KC_SLOTS_MAX 3
#define KC_SLOTS_NAMES_MAX 8 /* participants whose last slot is remembered */
#define KC_SLOTS_NOBODY (-1)

typedef struct {
    char *participant;
    guint slot;
} KcSlotMemory;

typedef struct {
    guint n;                                   /* slots, at most KC_SLOTS_MAX */
    gint source[KC_SLOTS_MAX];                 /* seat, or KC_SLOTS_NOBODY */
    KcSlotMemory memory[KC_SLOTS_NAMES_MAX]; /* who had which last */
    guint n_memory;
} KcSlots;

void kc_slots_init(KcSlots *slots, guint n);
void kc_slots_clear(KcSlots *slots);

/* The slot that the participant on `seat` has or now gets; KC_SLOTS_NOBODY: none is free. */
gint kc_slots_enter(KcSlots *slots, guint seat, const char *participant);
void kc_slots_leave(KcSlots *slots, guint seat);
