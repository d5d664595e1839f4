#include "media/rtp/rewrite.h"
#include "tests/support/kc_test.h"

/* A conversation: packets of sources A (1) and B (2), and what must leave. Numbering begins at 100, timestamps 1000. */
typedef struct {
    guint32 ssrc;
    guint16 seq;
    guint32 timestamp;
    gint64 at_ms;
    gboolean ok;
    guint16 out_seq;
    guint32 out_ts;
} Step;

typedef struct {
    const char *what;
    Step steps[8];
} Conversation;

static const Conversation conversations[] = {
    {"one source", {{1, 7, 50, 0, TRUE, 100, 1000}, {1, 8, 140, 1, TRUE, 101, 1090}}},
    {"a hole stays a hole", {{1, 7, 50, 0, TRUE, 100, 1000}, {1, 9, 50, 1, TRUE, 102, 1000}}},
    {"late comes to its own number",
     {{1, 7, 50, 0, TRUE, 100, 1000}, {1, 9, 50, 1, TRUE, 102, 1000}, {1, 8, 50, 2, TRUE, 101, 1000}}},
    {"a duplicate is a duplicate", {{1, 7, 50, 0, TRUE, 100, 1000}, {1, 7, 50, 1, TRUE, 100, 1000}}},
    {"older than the first has no place", {{1, 7, 50, 0, TRUE, 100, 1000}, {1, 6, 50, 1, FALSE}}},
    {"numbers wrap", {{1, 65535, 50, 0, TRUE, 100, 1000}, {1, 0, 51, 1, TRUE, 101, 1001}}},
    {"timestamps wrap", {{1, 7, 0xffffffff, 0, TRUE, 100, 1000}, {1, 8, 1, 1, TRUE, 101, 1002}}},
    {"another source goes on, by the time that passed",
     {{1, 7, 50, 0, TRUE, 100, 1000}, {2, 5000, 9, 1000, TRUE, 101, 91000}, {2, 5001, 99, 1001, TRUE, 102, 91090}}},
    {"another source at once is at least a tick later",
     {{1, 7, 50, 0, TRUE, 100, 1000}, {2, 5000, 9, 0, TRUE, 101, 1001}}},
    {"back to the first source",
     {{1, 7, 50, 0, TRUE, 100, 1000}, {2, 9, 9, 0, TRUE, 101, 1001}, {1, 8, 60, 0, TRUE, 102, 1002}}},
    {"after a late packet, a new source goes on from the highest",
     {{1, 7, 50, 0, TRUE, 100, 1000},
      {1, 9, 50, 0, TRUE, 102, 1000},
      {1, 8, 50, 0, TRUE, 101, 1000},
      {2, 1, 1, 0, TRUE, 103, 1001}}},
};

START_TEST(conversation_is_renumbered)
{
    const Conversation *c = &conversations[_i];
    KcRewrite rewrite;
    kc_rewrite_init(&rewrite, 90000, 100, 1000);
    for (gsize i = 0; i < G_N_ELEMENTS(c->steps) && c->steps[i].ssrc != 0; i++) {
        const Step *s = &c->steps[i];
        guint16 seq = 0;
        guint32 ts = 0;
        ck_assert_msg(kc_rewrite_apply(&rewrite, s->ssrc, s->seq, s->timestamp, s->at_ms * 1000, &seq, &ts) == s->ok,
                      "%s, step %zu", c->what, i);
        if (!s->ok)
            continue;
        ck_assert_msg(seq == s->out_seq, "%s, step %zu: seq %u", c->what, i, seq);
        ck_assert_msg(ts == s->out_ts, "%s, step %zu: ts %u", c->what, i, ts);
    }
}
END_TEST

START_TEST(mapping_is_of_the_present_source_only)
{
    KcRewrite rewrite;
    guint16 seq = 0;
    guint32 ts = 0;
    kc_rewrite_init(&rewrite, 90000, 100, 1000);
    ck_assert(!kc_rewrite_map_seq(&rewrite, 1, 7, &seq));
    ck_assert(kc_rewrite_apply(&rewrite, 1, 7, 50, 0, &seq, &ts));
    ck_assert(kc_rewrite_map_seq(&rewrite, 1, 9, &seq));
    ck_assert_uint_eq(seq, 102);
    ck_assert(!kc_rewrite_map_seq(&rewrite, 1, 6, &seq));
    ck_assert(kc_rewrite_map_timestamp(&rewrite, 1, 40, &ts));
    ck_assert_uint_eq(ts, 990);
    ck_assert(!kc_rewrite_map_timestamp(&rewrite, 2, 40, &ts));
}
END_TEST

START_TEST(two_rounds_of_numbers_stay_continuous)
{
    KcRewrite rewrite;
    guint16 last = 99;
    kc_rewrite_init(&rewrite, 90000, 100, 0);
    for (guint32 i = 0; i < 2 * 65536 + 10; i++) {
        guint16 seq = 0;
        guint32 ts = 0;
        ck_assert(kc_rewrite_apply(&rewrite, 1, (guint16)(i + 40000), i, i, &seq, &ts));
        ck_assert_uint_eq(seq, (guint16)(last + 1));
        last = seq;
    }
}
END_TEST

static Suite *
rewrite_suite(void)
{
    Suite *suite = suite_create("rtp/rewrite");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, conversation_is_renumbered, 0, G_N_ELEMENTS(conversations));
    tcase_add_test(tcase, mapping_is_of_the_present_source_only);
    tcase_add_test(tcase, two_rounds_of_numbers_stay_continuous);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(rewrite_suite())
