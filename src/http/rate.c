#include "src/http/rate.h"

#include <arpa/inet.h>
#include <string.h>

typedef struct {
    double tokens;
    gint64 at_us; /* when `tokens` was counted */
} Bucket;

struct KcRateLimit {
    GMutex lock;
    GHashTable *buckets; /* key text → Bucket */
    double amount;
    double per_us;
};

KcRateLimit *
kc_rate_limit_new(guint amount, gint64 period_us)
{
    KcRateLimit *limit = g_new0(KcRateLimit, 1);
    g_mutex_init(&limit->lock);
    limit->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    limit->amount = amount;
    limit->per_us = (double)amount / (double)period_us;
    return limit;
}

void
kc_rate_limit_free(KcRateLimit *limit)
{
    if (limit == NULL)
        return;
    g_hash_table_unref(limit->buckets);
    g_mutex_clear(&limit->lock);
    g_free(limit);
}

static char *
key_of(const char *address)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, address, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return g_strdup(address);
    memset(v6.s6_addr + 8, 0, 8);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &v6, text, sizeof text);
    return g_strdup(text);
}

static void
refill(const KcRateLimit *limit, Bucket *bucket, gint64 now_us)
{
    if (now_us > bucket->at_us)
        bucket->tokens = MIN(limit->amount, bucket->tokens + limit->per_us * (double)(now_us - bucket->at_us));
    bucket->at_us = MAX(now_us, bucket->at_us);
}

/* Buckets that are full again say nothing; if none is, all are forgotten, which errs towards serving. */
static void
make_room(KcRateLimit *limit, gint64 now_us)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, limit->buckets);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        refill(limit, value, now_us);
        if (((Bucket *)value)->tokens >= limit->amount)
            g_hash_table_iter_remove(&iter);
    }
    if (g_hash_table_size(limit->buckets) >= KC_RATE_ADDRESSES)
        g_hash_table_remove_all(limit->buckets);
}

static Bucket *
bucket_of(KcRateLimit *limit, const char *address, gint64 now_us)
{
    g_autofree char *key = key_of(address);
    Bucket *bucket = g_hash_table_lookup(limit->buckets, key);
    if (bucket == NULL) {
        if (g_hash_table_size(limit->buckets) >= KC_RATE_ADDRESSES)
            make_room(limit, now_us);
        bucket = g_new(Bucket, 1);
        *bucket = (Bucket){.tokens = limit->amount, .at_us = now_us};
        g_hash_table_insert(limit->buckets, g_steal_pointer(&key), bucket);
    }
    refill(limit, bucket, now_us);
    return bucket;
}

static guint
look(KcRateLimit *limit, const char *address, gint64 now_us, gboolean take)
{
    g_mutex_lock(&limit->lock);
    Bucket *bucket = bucket_of(limit, address, now_us);
    guint wait_s = 0;
    if (bucket->tokens < 1)
        wait_s = MAX(1, (guint)((1 - bucket->tokens) / limit->per_us / G_USEC_PER_SEC + 1));
    else if (take)
        bucket->tokens -= 1;
    g_mutex_unlock(&limit->lock);
    return wait_s;
}

guint
kc_rate_limit_take(KcRateLimit *limit, const char *address, gint64 now_us)
{
    return look(limit, address, now_us, TRUE);
}

guint
kc_rate_limit_peek(KcRateLimit *limit, const char *address, gint64 now_us)
{
    return look(limit, address, now_us, FALSE);
}
