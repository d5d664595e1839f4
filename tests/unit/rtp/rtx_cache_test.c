#include "media/rtp/rtx_cache.h"
#include "tests/support/kc_test.h"

#define MS 1000

static guint freed;
static gint64 rtt_us = 250 * MS;

static void
owner_free(gpointer owner)
{
    freed++;
    g_free(owner);
}

static void
store(KcRtxCache *cache, guint16 seq, gint64 at_us)
{
    KcRtxPacket packet = {.owner = g_malloc(4), .seq = seq, .timestamp = seq * 10u, .stored_us = at_us};
    packet.payload = packet.owner;
    packet.payload_bytes = 4;
    kc_rtx_cache_store(cache, &packet, rtt_us);
}

START_TEST(newest_packets_are_kept)
{
    freed = 0;
    g_autoptr(KcRtxCache) cache = kc_rtx_cache_new(owner_free);
    for (guint i = 0; i < 2000; i++)
        store(cache, (guint16)(65000 + i), i);
    ck_assert_uint_eq(kc_rtx_cache_count(cache), KC_RTX_CACHE_PACKETS);
    ck_assert_uint_eq(freed, 2000 - KC_RTX_CACHE_PACKETS);
    guint16 newest = (guint16)(65000 + 1999);
    const KcRtxPacket *packet = kc_rtx_cache_take(cache, newest, 2 * MS, -1);
    ck_assert_ptr_nonnull(packet);
    ck_assert_uint_eq(packet->timestamp, newest * 10u);
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, (guint16)(newest - KC_RTX_CACHE_PACKETS + 1), 2 * MS, -1));
    ck_assert_ptr_null(kc_rtx_cache_take(cache, (guint16)(newest - KC_RTX_CACHE_PACKETS), 2 * MS, -1));
    ck_assert_ptr_null(kc_rtx_cache_take(cache, (guint16)(newest + 1), 2 * MS, -1));
}
END_TEST

START_TEST(not_sent_again_too_soon)
{
    g_autoptr(KcRtxCache) cache = kc_rtx_cache_new(owner_free);
    store(cache, 5, 1);
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, 5, 100 * MS, 40 * MS));
    ck_assert_ptr_null(kc_rtx_cache_take(cache, 5, 120 * MS, 40 * MS));
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, 5, 131 * MS, 40 * MS));
    ck_assert_ptr_null(kc_rtx_cache_take(cache, 5, 140 * MS, -1));
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, 5, 142 * MS, -1));
}
END_TEST

START_TEST(old_packets_go)
{
    freed = 0;
    g_autoptr(KcRtxCache) cache = kc_rtx_cache_new(owner_free);
    for (guint16 i = 0; i < 10; i++)
        store(cache, i, 1);
    ck_assert_ptr_null(kc_rtx_cache_take(cache, 5, 1 + KC_RTX_CACHE_AGE_MAX_US, rtt_us));
    store(cache, 10, 1 + KC_RTX_CACHE_AGE_MAX_US);
    ck_assert_uint_eq(freed, 10);
    ck_assert_uint_eq(kc_rtx_cache_count(cache), 1);
}
END_TEST

START_TEST(kept_for_as_long_as_a_round_trip_asks_for)
{
    const struct {
        gint64 rtt_us, age_us;
    } rows[] = {
        {-1, 600 * MS}, {0, 400 * MS}, {80 * MS, 480 * MS}, {150 * MS, 900 * MS}, {5000 * MS, 1500 * MS},
    };
    rtt_us = rows[_i].rtt_us;
    g_autoptr(KcRtxCache) cache = kc_rtx_cache_new(owner_free);
    store(cache, 5, 1);
    store(cache, 6, rows[_i].age_us);
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, 5, rows[_i].age_us, rtt_us));
    ck_assert_ptr_null(kc_rtx_cache_take(cache, 5, 1 + rows[_i].age_us, rtt_us));
    store(cache, 7, 1 + rows[_i].age_us);
    ck_assert_uint_eq(kc_rtx_cache_count(cache), 2);
    rtt_us = 250 * MS;
}
END_TEST

START_TEST(late_and_double_and_far)
{
    freed = 0;
    g_autoptr(KcRtxCache) cache = kc_rtx_cache_new(owner_free);
    store(cache, 100, 1);
    store(cache, 102, 2);
    store(cache, 101, 3);
    store(cache, 101, 4);
    ck_assert_uint_eq(kc_rtx_cache_count(cache), 3);
    ck_assert_uint_eq(freed, 1);
    store(cache, 99, 5); /* before the first */
    ck_assert_ptr_nonnull(kc_rtx_cache_take(cache, 99, 6, -1));
    store(cache, (guint16)(102 - KC_RTX_CACHE_PACKETS), 6); /* too late to be kept */
    ck_assert_uint_eq(kc_rtx_cache_count(cache), 4);
    store(cache, 40000, 7); /* another beginning */
    ck_assert_uint_eq(kc_rtx_cache_count(cache), 1);
    ck_assert_ptr_null(kc_rtx_cache_take(cache, 100, 8, -1));
}
END_TEST

START_TEST(original_number_is_read)
{
    const guint8 payload[3] = {1, 2, 3};
    KcRtpHeader header = {.payload = payload, .payload_bytes = 3};
    guint16 seq = 0;
    ck_assert(kc_rtx_original_seq(&header, &seq));
    ck_assert_uint_eq(seq, 0x0102);
    header.payload_bytes = 1;
    ck_assert(!kc_rtx_original_seq(&header, &seq));
}
END_TEST

static Suite *
rtx_cache_suite(void)
{
    Suite *suite = suite_create("rtp/rtx_cache");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, newest_packets_are_kept);
    tcase_add_test(tcase, not_sent_again_too_soon);
    tcase_add_test(tcase, old_packets_go);
    tcase_add_loop_test(tcase, kept_for_as_long_as_a_round_trip_asks_for, 0, 5);
    tcase_add_test(tcase, late_and_double_and_far);
    tcase_add_test(tcase, original_number_is_read);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(rtx_cache_suite())
