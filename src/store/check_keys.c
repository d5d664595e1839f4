/* What the database says of keys, against the safe they are kept in (src/evidence/keys.h): both are of one moment, what
 * is on its way out belongs to something that was erased, and every case's keys open. */
#include "src/store/case_keys_store.h"
#include "src/store/check.h"
#include "src/store/sql.h"

static const KcCheckRule rules[] = {
    {"key", "key_destructions", "would destroy the key of a case that was not erased",
     "SELECT CAST(d.leaf AS TEXT), d.case_id FROM key_destructions d LEFT JOIN cases c ON c.id = d.case_id WHERE NOT "
     "coalesce(d.leaf = c.key_slot AND c.erased_us > 0 OR d.leaf = (c.key_slot | 1 << 30) AND (c.erased_us > 0 OR "
     "c.recordings_erased_us > 0), 0)"},
    {"key", "key_state", "is one too many", "SELECT CAST(one AS TEXT), NULL FROM key_state WHERE one <> 1"},
    {"key", "file_removals", "would remove a file that was not erased",
     "SELECT r.path, r.case_id FROM file_removals r LEFT JOIN objects o ON o.path = r.path LEFT JOIN cases c ON c.id = "
     "r.case_id "
     "WHERE coalesce(c.erased_us, 0) = 0 AND coalesce(o.erased_us, 0) = 0"},
};

/* A service that is just destroying keys has told the safe, and not yet the database. */
static gboolean
check_moment(KcTx *tx, KcStoreCheck *check, GError **error)
{
    gint64 known = -1, pending = 0;
    g_autoptr(KcQuery) query = kc_query_new(tx, "SELECT count(*) FROM key_destructions", error);
    if (query == NULL || !kc_query_number(query, &pending, error) || !kc_case_keys_known(tx, &known, error))
        return FALSE;
    if (!kc_keyring_has_safe(tx->keyring) && known >= 0) {
        kc_check_found(check, (KcDamage){.kind = "key", .chunk = -1},
                       "keys/case-keys is missing: without it no case can be read; put back its newest copy");
        return TRUE;
    }
    gint64 destroyed = kc_keyring_has_safe(tx->keyring) ? (gint64)kc_keyring_destroyed(tx->keyring) : -1;
    if (known == destroyed || (pending > 0 && known < destroyed))
        return TRUE;
    const KcDamage finding = {.kind = "key", .table = "key_state", .chunk = -1};
    if (known < 0)
        kc_check_found(check, finding, "key_state does not say how many keys were destroyed");
    else
        kc_check_found(check, finding,
                       "the database and the safe keys/case-keys are not of one moment: %" G_GINT64_FORMAT
                       " keys were destroyed by the one, %" G_GINT64_FORMAT
                       " by the other; one of the two was put back from a copy",
                       known, destroyed);
    return TRUE;
}

/* A key that was destroyed, or whose safe is missing, is told of otherwise. */
static gboolean
check_wrapped(KcTx *tx, KcStoreCheck *check, const char *column, const char *sql, GError **error)
{
    g_autoptr(KcQuery) query = kc_query_new(tx, sql, error);
    KcStep step = KC_STEP_ERROR;
    while (query != NULL && (step = kc_query_step(query, error)) == KC_STEP_ROW) {
        g_autofree char *case_id = kc_take_text(query);
        g_autoptr(GBytes) wrapped = kc_take_bytes(query);
        g_autoptr(GError) local = NULL;
        g_autoptr(KcCaseKey) key =
            case_id != NULL ? kc_keyring_case_key_unwrap(tx->keyring, case_id, wrapped, &local) : NULL;
        if (g_error_matches(local, KC_KEYS_ERROR, KC_KEYS_ERROR_SEALED))
            kc_check_found(check,
                           (KcDamage){.kind = "key", .table = "cases", .row = case_id, .case_id = case_id, .chunk = -1},
                           "%s of case %s does not open: %s", column, case_id, local->message);
    }
    return step == KC_STEP_DONE;
}

static gboolean
check_all_wrapped(KcTx *tx, KcStoreCheck *check, GError **error)
{
    return check_wrapped(tx, check, "wrapped_key", "SELECT id, wrapped_key FROM cases WHERE wrapped_key IS NOT NULL",
                         error) &&
           check_wrapped(tx, check, "wrapped_recordings_key",
                         "SELECT id, wrapped_recordings_key FROM cases WHERE wrapped_recordings_key IS NOT NULL",
                         error);
}

gboolean
kc_check_keys(KcTx *tx, gpointer check, GError **error)
{
    gboolean knows;
    return kc_check_has_table(tx, "key_state", &knows, error) &&
           (!knows || (check_moment(tx, check, error) && kc_check_rules(tx, check, rules, G_N_ELEMENTS(rules), error) &&
                       check_all_wrapped(tx, check, error)));
}
