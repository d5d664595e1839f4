/* documents.json, "review": the words of its conclusion and of a correction. */
#include "src/rules/lists.h"

static const char **
texts_of(KcReviewWording *wording, guint i)
{
    const char **texts[] = {&wording->title, &wording->footer, &wording->correction_title, &wording->correction_basis,
                            &wording->correction_footer};
    return i < G_N_ELEMENTS(texts) ? texts[i] : NULL;
}

void
kc_rules_clear_review_wording(KcReviewWording *wording)
{
    for (guint i = 0; texts_of(wording, i) != NULL; i++)
        g_free((char *)*texts_of(wording, i));
    for (guint i = 0; i < KC_REVIEW_OUTCOME_COUNT; i++)
        g_free((char *)wording->outcomes[i]);
    for (guint i = 0; i < KC_REVIEW_GROUND_COUNT; i++)
        g_free((char *)wording->grounds[i]);
}

/* One text for each name of an enumeration, and nothing else. */
static void
read_each(KcReader *reader, const json_t *object, const char *key, guint count, const char *(*name_of)(guint),
          const char **texts)
{
    const json_t *member = kc_reader_member(reader, object, key, JSON_OBJECT);
    kc_reader_enter(reader, key);
    g_autofree const char **keys = g_new0(const char *, count + 1);
    for (guint i = 0; i < count; i++)
        keys[i] = name_of(i);
    if (member != NULL && kc_reader_object(reader, member, keys))
        for (guint i = 0; i < count; i++)
            texts[i] = kc_reader_text(reader, member, keys[i]);
    kc_reader_leave(reader);
}

static const char *
outcome_name(guint outcome)
{
    return kc_review_outcome_to_string(outcome);
}

static const char *
ground_name(guint ground)
{
    return kc_review_ground_to_string(ground);
}

void
kc_rules_read_review_wording(KcReader *reader, const json_t *root, KcReviewWording *wording)
{
    static const char *const keys[] = {"title", "outcomes", "grounds", "footer", "correction_title",
                                       "correction_basis", "correction_footer", NULL};
    const json_t *object = kc_reader_member(reader, root, "review", JSON_OBJECT);
    kc_reader_enter(reader, "review");
    if (object != NULL && kc_reader_object(reader, object, keys)) {
        wording->title = kc_reader_text(reader, object, "title");
        read_each(reader, object, "outcomes", KC_REVIEW_OUTCOME_COUNT, outcome_name, wording->outcomes);
        read_each(reader, object, "grounds", KC_REVIEW_GROUND_COUNT, ground_name, wording->grounds);
        wording->footer = kc_reader_text(reader, object, "footer");
        wording->correction_title = kc_reader_text(reader, object, "correction_title");
        wording->correction_basis = kc_reader_text(reader, object, "correction_basis");
        wording->correction_footer = kc_reader_text(reader, object, "correction_footer");
    }
    kc_reader_leave(reader);
}
