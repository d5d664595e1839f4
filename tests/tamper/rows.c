#include "tests/tamper/rows.h"

#include "src/store/log_store.h"
#include "src/store/sealed.h"
#include "tests/support/kc_test.h"

#include <string.h>

/* $C: the case; $N: its number; $P, $D: one of its parties and documents; $H, $K: two hashes, of its own; $U, $V: two of
 * the staff. The sealed columns take what is sealed for the row of id `sealed_row`, in this order. */
typedef struct {
    const char *table;
    const char *sealed_row;
    const char *sealed[3];
    const char *sql;
} Row;

static const Row of_case[] = {
    {"agreements", "$C", {"draft"}, "(case_id, updated_us, sealed_draft) VALUES ('$C', 1, ?)"},
    {"approvals", NULL, {NULL}, "(case_id, draft_sha256, requested_by, requested_us) VALUES ('$C', '$H', '$U', 1)"},
    {"case_accesses",
     "access-$N",
     {"note"},
     "(id, case_id, user_id, session, purpose, stated_us, until_us, sealed_note) VALUES ('access-$N', '$C', '$U', 's', "
     "'court', "
     "1, 2, ?)"},
    {"case_scores",
     NULL,
     {NULL},
     "(case_id, user_id, criterion, score, scored_us) VALUES ('$C', '$U', 'safety', 4, 1)"},
    {"document_copies", NULL, {NULL}, "(sha256, document_id, made_us) VALUES ('$K', '$D', 1)"},
    {"document_openings",
     NULL,
     {NULL},
     "(document_id, party_id, case_id, sha256, opened_us) VALUES ('$D', '$P', '$C', '$H', 1)"},
    {"document_revocations", NULL, {NULL}, "(document_id, replaced_by, at_us) VALUES ('$D', '$D', 1)"},
    {"findings",
     "finding-$N",
     {"text", "answer", "closing"},
     "(id, case_id, officer_id, severity, criterion, mark_us, found_by, found_us, answer, answered_by, answered_us, "
     "closing, "
     "closed_by, closed_us, sealed_text, sealed_answer, sealed_closing) VALUES ('finding-$N', '$C', '$V', 'minor', "
     "'manner', 5, "
     "'$U', 1, 'accepted', '$V', 2, 'upheld', '$U', 3, ?, ?, ?)"},
    {"guests",
     "guest-$N",
     {"name"},
     "(id, case_id, kind, invited_by, created_us, sealed_name) VALUES ('guest-$N', '$C', 'interpreter', '$U', 1, ?)"},
    {"holds",
     "hold-$N",
     {"words"},
     "(id, case_id, legal_basis, placed_by, placed_us, sealed_words) VALUES ('hold-$N', '$C', '民事诉讼法第67条', "
     "'$U', 1, ?)"},
    {"late_reports",
     "$C",
     {"reason"},
     "(case_id, accepted, ground, decided_by, decided_us, sealed_reason) VALUES ('$C', 0, 'unproven', '$U', 1, ?)"},
    {"offers",
     NULL,
     {NULL},
     "(id, case_id, kind, from_user, holder, to_user, offered_us, expires_us, outcome, decided_us) VALUES ('offer-$N', "
     "'$C', "
     "'hand_over', '$U', '$U', '$V', 1, 2, 'lapsed', 2)"},
    {"draws",
     NULL,
     {NULL},
     "(number, commitment, committed_us, seed, case_id, candidates_json, chosen, offer_id, drawn_us) SELECT "
     "coalesce(max(number), 0) + 1, '$H', 1, '$K', '$C', '[\"$U\"]', '$U', 'offer-$N', 2 FROM draws"},
    {"pauses",
     "pause-$N",
     {"words", "note"},
     "(id, case_id, document_id, party_id, said_us, outcome, ended_us, ended_by, sealed_words, sealed_note) VALUES "
     "('pause-$N', "
     "'$C', '$D', '$P', 1, 'goes_on', 2, '$U', ?, ?)"},
    {"proposals",
     NULL,
     {NULL},
     "(document_id, case_id, status, reason, ended_us) VALUES ('$D', '$C', 'withdrawn', 'changed', 2)"},
    {"recusals",
     "recusal-$N",
     {"reason"},
     "(id, case_id, user_id, party_id, asked_us, sealed_reason) VALUES ('recusal-$N', '$C', '$U', '$P', 1, ?)"},
    {"reviews",
     "review-$N",
     {"request"},
     "(id, case_id, party_id, document_id, asked_us, sealed_request) VALUES ('review-$N', '$C', '$P', '$D', 1, ?)"},
    {"services",
     "service-$N",
     {"note"},
     "(id, case_id, document_id, party_id, way, delivery, sha256, served_us, recorded_us, recorded_by, sealed_note) "
     "SELECT "
     "'service-$N', '$C', '$D', '$P', 'paper', 'handed', sha256, 1, 1, '$U', ? FROM documents WHERE id = '$D'"},
    {"sample_cases", NULL, {NULL}, "(number, case_id, reason) SELECT max(number), '$C', 'random' FROM samples"},
    {"blind_looks",
     "blind-$N",
     {"words"},
     "(id, case_id, sample, turn, user_id, first_id, assigned_us, due_us, outcome, ended_us, sealed_words) SELECT 'blind-$N', "
     "'$C', max(number), $N, '$U', '$V', 1, 3, 'handed_in', 2, ? FROM samples"},
    {"blind_answers", NULL, {NULL}, "(look_id, question, first, second) VALUES ('blind-$N', 'liability', 'A:full', 'A:main')"},
    {"messages",
     "message-$N",
     {"text"},
     "(id, case_id, party_id, sent_us, sealed_text) VALUES ('message-$N', '$C', '$P', 1, ?)"},
    {"compositions",
     NULL,
     {NULL},
     "(id, case_id, state, reason, asked_by, asked_us, ended_us) VALUES ('composition-$N', '$C', 'failed', 'torn', '$U', 1, 2)"},
};

static const Row of_installation[] = {
    {"integrations",
     NULL,
     {NULL},
     "(id, name, key_hash, scopes_json, created_us) VALUES ('integration', '122', '$H', '[\"cases\"]', 1)"},
    {"law_texts",
     NULL,
     {NULL},
     "(id, name, title, dated, sha256, articles, imported_us) VALUES ('law', '道路交通安全法', '道路交通安全法', "
     "'2021-04-29', "
     "'$H', 2, 1)"},
    {"law_passages",
     NULL,
     {NULL},
     "(law_id, article, article_sub, paragraph, item, text) VALUES ('law', 1, 0, 1, 0, '甲'), ('law', 2, 0, 1, 0, "
     "'乙')"},
    {"samples",
     NULL,
     {NULL},
     "(number, from_us, to_us, percent, commitment, committed_us, seed, candidates, drawn_us) SELECT "
     "coalesce(max(number), 0) "
     "+ 1, 1, 3, 10, '$H', 2, '$K', 5, 4 FROM samples"},
};

static char *
one(KcTx *tx, const char *sql, const char *case_id, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    ck_assert_ptr_nonnull(query);
    if (case_id != NULL)
        kc_bind_text(query, case_id);
    ck_assert_int_eq(kc_query_step(query, error), KC_STEP_ROW);
    return kc_take_text(query);
}

static GHashTable *
names_of(KcTx *tx, const TownCase *of, GError **error)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    guint number = of != NULL ? of->number : 0;
    g_hash_table_insert(names, (gpointer) "$N", g_strdup_printf("%u", number));
    g_hash_table_insert(names, (gpointer) "$H", g_strdup_printf("%064u", 7 + number));
    g_hash_table_insert(names, (gpointer) "$K", g_strdup_printf("%064u", 900 + number));
    g_hash_table_insert(names, (gpointer) "$U",
                        one(tx, "SELECT id FROM users WHERE username = 'supervisor'", NULL, error));
    g_hash_table_insert(names, (gpointer) "$V",
                        one(tx, "SELECT id FROM users WHERE username = 'officer'", NULL, error));
    if (of != NULL) {
        g_hash_table_insert(names, (gpointer) "$C", g_strdup(of->case_id));
        g_hash_table_insert(names, (gpointer) "$P",
                            one(tx, "SELECT id FROM parties WHERE case_id = ?", of->case_id, error));
        g_hash_table_insert(names, (gpointer) "$D",
                            one(tx, "SELECT id FROM documents WHERE case_id = ?", of->case_id, error));
    }
    return names;
}

static char *
fill_in(const char *text, GHashTable *names)
{
    GString *filled = g_string_new(text);
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &name, &value))
        g_string_replace(filled, name, value, 0);
    return g_string_free(filled, FALSE);
}

static void
put_row(KcTx *tx, const Row *row, GHashTable *names)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *values = fill_in(row->sql, names);
    g_autofree char *sql = g_strconcat("INSERT INTO ", row->table, " ", values, NULL);
    g_autofree char *id = row->sealed_row != NULL ? fill_in(row->sealed_row, names) : NULL;
    g_autoptr(KcQuery) query = kc_query_new(tx, g_intern_string(sql), &error);
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    kc_assert_no_error(error);
    for (guint i = 0; i < G_N_ELEMENTS(row->sealed) && row->sealed[i] != NULL; i++) {
        GBytes *sealed = NULL;
        const KcSealedPlace place = {g_hash_table_lookup(names, "$C"), row->table, row->sealed[i], id};
        ck_assert(kc_seal_text(tx, place, "一段话。", &sealed, &error));
        g_ptr_array_add(kept, sealed);
        kc_bind_bytes(query, sealed);
    }
    ck_assert_msg(kc_query_run(query, NULL, &error), "%s: %s", sql, error != NULL ? error->message : "");
}

/* So many that the tree of the log keeps a row of hashes over its leaves (log_tree.h). */
gboolean
town_put_entries(KcTx *tx, gpointer case_id, GError **error)
{
    for (guint i = 0; i < 300; i++) {
        KcLogEntry entry = {
            .at_us = 1, .case_id = case_id, .kind = (char *)"case.opened_by", .actor_kind = (char *)"system"};
        ck_assert(kc_log_store_append(tx, &entry, error));
    }
    return TRUE;
}

gboolean
town_put_rows(KcTx *tx, gpointer town_case, GError **error)
{
    g_autoptr(GHashTable) names = names_of(tx, town_case, error);
    for (guint i = 0; i < G_N_ELEMENTS(of_case); i++)
        put_row(tx, &of_case[i], names);
    return TRUE;
}

gboolean
town_put_installation(KcTx *tx, gpointer unused G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GHashTable) names = names_of(tx, NULL, error);
    for (guint i = 0; i < G_N_ELEMENTS(of_installation); i++)
        put_row(tx, &of_installation[i], names);
    return TRUE;
}
