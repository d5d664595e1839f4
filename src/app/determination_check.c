#include "src/app/determination_check.h"

#include "src/app/determinations.h"
#include "src/domain/local_time.h"

#include <string.h>

gboolean
kc_app_refuse_findings(const GPtrArray *findings, KcResult *result)
{
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        g_autofree char *message = kc_finding_text(finding);
        kc_refuse_field(result, finding->pointer, message);
    }
    return result->kind == KC_RESULT_OK;
}

static void
check_parties(const GPtrArray *parties, const KcDetermination *draft, KcResult *result)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < draft->parties->len; i++) {
        const KcDeterminationParty *party = draft->parties->pdata[i];
        g_autofree char *pointer = g_strdup_printf("/parties/%u/party_id", i);
        gboolean known = FALSE;
        for (guint n = 0; n < parties->len && !known; n++)
            known = g_strcmp0(((KcParty *)parties->pdata[n])->id, party->party_id) == 0;
        if (!known)
            kc_refuse_field(result, pointer, "不是本案当事人 / not a party of this case");
        else if (!g_hash_table_add(named, party->party_id))
            kc_refuse_field(result, pointer, "当事人重复 / the same party twice");
    }
}

static gboolean
is_evidence(const GPtrArray *objects, const KcEvidenceRef *ref)
{
    for (guint i = 0; i < objects->len; i++) {
        const KcObject *object = objects->pdata[i];
        gboolean still = strcmp(object->kind, "still") == 0 || strcmp(object->kind, "photo") == 0;
        gboolean recording = strcmp(object->kind, "recording") == 0;
        gboolean kind = ref->kind == KC_EVIDENCE_STILL ? still && strcmp(object->status, "complete") == 0 : recording;
        if (kind && g_strcmp0(object->id, ref->id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A statement is the word of a party. */
static gboolean
is_statement(const GPtrArray *parties, const KcEvidenceRef *ref)
{
    for (guint i = 0; i < parties->len; i++) {
        if (g_strcmp0(((KcParty *)parties->pdata[i])->id, ref->id) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
check_evidence(const GPtrArray *objects, const GPtrArray *parties, const KcDetermination *draft, KcResult *result)
{
    for (guint i = 0; i < draft->reasons->len; i++) {
        const KcReason *reason = draft->reasons->pdata[i];
        for (guint n = 0; n < reason->evidence->len; n++) {
            const KcEvidenceRef *ref = reason->evidence->pdata[n];
            g_autofree char *pointer = g_strdup_printf("/reasons/%u/evidence/%u/id", i, n);
            gboolean known =
                ref->kind == KC_EVIDENCE_STATEMENT ? is_statement(parties, ref) : is_evidence(objects, ref);
            if (!known)
                kc_refuse_field(result, pointer, "不是本案证据 / not evidence of this case");
        }
    }
}

/* Every party of the case stands in the determination that is issued. */
static void
find_absent(const GPtrArray *parties, const KcDetermination *draft, GPtrArray *missing)
{
    for (guint i = 0; i < parties->len; i++) {
        const KcParty *party = parties->pdata[i];
        gboolean named = FALSE;
        for (guint n = 0; n < draft->parties->len && !named; n++)
            named = g_strcmp0(((KcDeterminationParty *)draft->parties->pdata[n])->party_id, party->id) == 0;
        if (named)
            continue;
        g_autofree char *zh = g_strdup_printf("缺少当事人 %s", party->label);
        g_autofree char *en = g_strdup_printf("party %s is missing", party->label);
        kc_findings_add(missing, KC_FINDING_MISSING, "PARTY_ABSENT", "/parties", zh, en);
    }
}

GPtrArray *
kc_app_check_draft(KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDetermination *draft, KcResult *result,
                   GError **error)
{
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    g_autoptr(GPtrArray) objects = parties != NULL ? kc_object_store_list(tx, row->id, NULL, error) : NULL;
    if (objects == NULL)
        return NULL;
    check_parties(parties, draft, result);
    check_evidence(objects, parties, draft, result);
    g_autofree char *day = draft->occurred_at_us != 0 ? kc_local_date(draft->occurred_at_us) : NULL;
    g_autoptr(GPtrArray) findings = kc_rules_check_determination(kc_app_rules_of(app, row), draft, day);
    g_autoptr(GPtrArray) missing = kc_findings_new();
    g_autoptr(GPtrArray) wrong = kc_findings_new();
    for (guint i = 0; i < findings->len; i++) {
        const KcFinding *finding = findings->pdata[i];
        kc_findings_add(finding->kind == KC_FINDING_MISSING ? missing : wrong, finding->kind, finding->code,
                        finding->pointer, finding->message_zh, finding->message_en);
    }
    find_absent(parties, draft, missing);
    if (!kc_app_refuse_findings(wrong, result))
        return NULL;
    return g_steal_pointer(&missing);
}

void
kc_draft_clear(KcDraft *draft)
{
    g_clear_pointer(&draft->row, kc_determination_row_free);
    g_clear_pointer(&draft->determination, kc_determination_free);
}

gboolean
kc_app_load_draft(KcTx *tx, const char *case_id, KcDraft *ret_draft, GError **error)
{
    if (!kc_determination_store_get(tx, case_id, &ret_draft->row, error))
        return FALSE;
    if (ret_draft->row == NULL)
        return TRUE;
    g_autoptr(json_t) json = kc_json_parse(ret_draft->row->draft_json);
    ret_draft->determination = kc_determination_from_json(json, NULL);
    if (ret_draft->determination == NULL)
        g_set_error_literal(error, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT, "a draft that can't be read");
    return ret_draft->determination != NULL;
}

gboolean
kc_app_load_complete_draft(KcApp *app, KcTx *tx, const KcCaseRow *row, KcDraft *ret_draft, KcResult *result,
                           GError **error)
{
    if (!kc_app_load_draft(tx, row->id, ret_draft, error))
        return FALSE;
    if (ret_draft->row == NULL)
        return kc_refuse_field(result, "", "认定书尚未填写 / there is no draft yet");
    if (strcmp(ret_draft->row->status, "issued") == 0)
        return kc_refuse(result, KC_RESULT_CONFLICT, "issued", "The determination has been issued.");
    g_autoptr(GPtrArray) missing = kc_app_check_draft(app, tx, row, ret_draft->determination, result, error);
    return missing != NULL && kc_app_refuse_findings(missing, result);
}
