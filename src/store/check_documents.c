/* What rows say of each other: a document's text has its hash, its PDF too; a signature, a service and a copy are of
 * it. */
#include "src/evidence/digest.h"
#include "src/store/check.h"
#include "src/store/sealed.h"

#include <string.h>

/* ---- Texts ---- */

static void
check_text(KcTx *tx, KcStoreCheck *check, KcQuery *query)
{
    g_autofree char *id = kc_take_text(query);
    g_autofree char *case_id = kc_take_text(query);
    g_autofree char *sha256 = kc_take_text(query);
    g_autoptr(GBytes) sealed = kc_take_bytes(query);
    g_autofree char *text = NULL;
    if (id == NULL || case_id == NULL || sealed == NULL ||
        !kc_open_text(tx, (KcSealedPlace){case_id, "documents", "text", id}, sealed, &text, NULL))
        return; /* kc_check_sealed says so */
    g_autofree char *hash = kc_sha256_hex(text, strlen(text));
    check->count.documents++;
    if (g_strcmp0(hash, sha256) != 0)
        kc_check_found(check,
                       (KcDamage){.kind = "document", .table = "documents", .row = id, .case_id = case_id, .chunk = -1},
                       "the text of document %s does not have the hash that it was issued with", id);
    kc_key_wipe(text, strlen(text));
}

static gboolean
check_texts(KcTx *tx, KcStoreCheck *check, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(
        tx,
        "SELECT d.id, d.case_id, d.sha256, d.sealed_text FROM documents d JOIN cases c ON c.id = d.case_id WHERE "
        "c.wrapped_key IS NOT NULL ORDER BY d.case_id",
        error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW)
        check_text(tx, check, query);
    return step == KC_STEP_DONE;
}

/* ---- Rows that must agree ---- */

/* By the name of their counter. A place in the safe may be passed over (case_keys_store.c), so that its counter may be
 * above what is there; events are taken away by age. Earlier versions counted documents too. */
#define GIVEN_NUMBERS                                                                                                  \
    "SELECT 'case:' || substr(number, 3, 8) AS name, max(CAST(substr(number, 12) AS INTEGER)) AS value FROM cases "    \
    "WHERE " KC_IS_THERE("number") " GROUP BY 1 "                                                                      \
    "UNION ALL SELECT 'key_slot', max(key_slot) FROM cases HAVING max(key_slot) > 0 "                                  \
    "UNION ALL SELECT 'events', max(seq) FROM events HAVING max(seq) > 0"

static const KcCheckRule rules[] = {
    {"document", "documents", "names a PDF that is another case's, or has another hash",
     "SELECT d.id, d.case_id FROM documents d LEFT JOIN objects o ON o.id = d.pdf_object_id WHERE d.pdf_object_id IS "
     "NOT NULL AND "
     "(o.case_id IS NOT d.case_id OR o.sha256 IS NOT d.pdf_sha256)"},
    {"signature", "signatures", "is not of the document that it names",
     "SELECT s.id, s.case_id FROM signatures s LEFT JOIN documents d ON d.id = s.document_id WHERE d.case_id IS NOT "
     "s.case_id OR "
     "(s.document_sha256 IS NOT d.sha256 AND s.document_sha256 IS NOT d.pdf_sha256) OR "
     "(s.pdf_sha256 IS NOT NULL AND s.pdf_sha256 IS NOT d.pdf_sha256)"},
    {"signature", "signatures", "is drawn in a file of another case, or of another party",
     "SELECT s.id, s.case_id FROM signatures s LEFT JOIN objects o ON o.id = s.object_id WHERE s.object_id IS NOT NULL "
     "AND "
     "(o.case_id IS NOT s.case_id OR o.kind IS NOT 'signature' OR o.party_id IS NOT s.party_id)"},
    {"document", "services", "is not of the document that it names",
     "SELECT s.id, s.case_id FROM services s LEFT JOIN documents d ON d.id = s.document_id WHERE d.case_id IS NOT "
     "s.case_id OR "
     "d.sha256 IS NOT s.sha256"},
    {"object", "objects", "names a file at another case's or another object's place",
     "SELECT id, case_id FROM objects WHERE path IS NOT case_id || '/' || id || '.kcv'"},
    {"counter", "counters", "is not the highest number that was given",
     "SELECT n.name, NULL FROM (" GIVEN_NUMBERS
     ") n LEFT JOIN counters c USING (name) WHERE coalesce(c.value, 0) < n.value OR "
     "(c.value > n.value AND n.name LIKE 'case:%')"},
    {"counter", "counters", "counts nothing that was given a number",
     "SELECT name, NULL FROM counters WHERE name NOT LIKE 'document:%' AND name <> 'events' AND name NOT IN (SELECT name "
     "FROM (" GIVEN_NUMBERS "))"},
    {"counter", "sqlite_sequence", "counts a table that counts for itself no more", "SELECT name, NULL FROM sqlite_sequence"},
};

gboolean
kc_check_documents(KcTx *tx, gpointer check, GError **error)
{
    return kc_check_rules(tx, check, rules, G_N_ELEMENTS(rules), error) && check_texts(tx, check, error);
}
