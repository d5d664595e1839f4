#include "src/domain/draw.h"

#include "src/base/hex.h"

#include <string.h>

#define HASH_LEN 32

char *
kc_draw_commitment(const guint8 seed[KC_DRAW_SEED_LEN])
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, seed, KC_DRAW_SEED_LEN);
}

static guint64
number_of_block(const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, const char *case_id, guint block)
{
    guint8 hash[HASH_LEN];
    gsize len = sizeof hash;
    guint64 value;
    g_autofree char *text =
        g_strdup_printf("kuaichu draw 1\n%" G_GINT64_FORMAT "\n%s\n%u\n", number, case_id, block);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, seed, KC_DRAW_SEED_LEN);
    g_hmac_update(hmac, (const guchar *)text, -1);
    g_hmac_get_digest(hmac, hash, &len);
    memcpy(&value, hash, sizeof value);
    return GUINT64_FROM_BE(value);
}

gboolean
kc_draw_place_of(guint64 value, guint count, guint *ret_place)
{
    g_assert(count > 0);
    guint64 left_over = (G_MAXUINT64 % count + 1) % count; /* 2^64 mod count */
    *ret_place = (guint)(value % count);
    return value <= G_MAXUINT64 - left_over;
}

guint
kc_draw_place(const guint8 seed[KC_DRAW_SEED_LEN], gint64 number, const char *case_id, guint count)
{
    guint place = 0;
    for (guint block = 0; !kc_draw_place_of(number_of_block(seed, number, case_id, block), count, &place); block++)
        continue;
    return place;
}

static gboolean
in_order(const char *const *ids)
{
    if (ids == NULL || ids[0] == NULL)
        return FALSE;
    for (guint i = 1; ids[i] != NULL; i++) {
        if (strcmp(ids[i - 1], ids[i]) >= 0)
            return FALSE;
    }
    return TRUE;
}

KcDrawCheck
kc_draw_check(const KcDraw *draw)
{
    guint8 seed[KC_DRAW_SEED_LEN];
    if (draw->seed == NULL || !kc_hex_decode(draw->seed, seed, sizeof seed))
        return KC_DRAW_NO_SEED;
    g_autofree char *commitment = kc_draw_commitment(seed);
    if (g_strcmp0(commitment, draw->commitment) != 0)
        return KC_DRAW_OTHER_SEED;
    if (!in_order(draw->candidates))
        return KC_DRAW_DISORDER;
    guint place = kc_draw_place(seed, draw->number, draw->case_id, g_strv_length((GStrv)draw->candidates));
    return g_strcmp0(draw->candidates[place], draw->chosen) == 0 ? KC_DRAW_RIGHT : KC_DRAW_OTHER_CHOSEN;
}

const char *
kc_draw_check_text(KcDrawCheck check)
{
    static const char *const texts[] = {
        [KC_DRAW_RIGHT] = "is right",
        [KC_DRAW_NO_SEED] = "has no seed of 32 bytes",
        [KC_DRAW_OTHER_SEED] = "was made with another seed than the one that was committed to",
        [KC_DRAW_DISORDER] = "has no candidates, or not each once and in the order of their ids",
        [KC_DRAW_OTHER_CHOSEN] = "came to somebody else than the one who was given the case",
    };
    g_assert(check < G_N_ELEMENTS(texts));
    return texts[check];
}
