#include "src/app/approval_check.h"

#include "src/evidence/digest.h"

#include <string.h>

char *
kc_app_draft_sha256(const KcDeterminationRow *draft_row)
{
    return kc_sha256_hex(draft_row->draft_json, strlen(draft_row->draft_json));
}

GPtrArray *
kc_app_approval_grounds(const KcApp *app, const KcCaseRow *row, const KcDetermination *draft)
{
    KcTriage triage = {0};
    g_autoptr(json_t) json = kc_json_parse(row->triage_json);
    kc_triage_from_json(json, &triage);
    return kc_approval_grounds(draft, &triage, kc_rules_approval(kc_app_rules_of(app, row)));
}

static gboolean
refuse_unapproved(const GPtrArray *grounds, KcResult *result)
{
    g_autoptr(GString) zh = g_string_new("须先由值班长复核同意：");
    g_autoptr(GString) en = g_string_new("A supervisor must approve this draft first: ");
    for (guint i = 0; i < grounds->len; i++) {
        const KcApprovalRule *rule = grounds->pdata[i];
        g_string_append_printf(zh, "%s%s", i > 0 ? "；" : "", rule->title_zh);
        g_string_append_printf(en, "%s%s", i > 0 ? "; " : "", rule->title_en);
    }
    g_autofree char *detail = g_strdup_printf("%s / %s", zh->str, en->str);
    return kc_refuse(result, KC_RESULT_CONFLICT, "approval-needed", detail);
}

gboolean
kc_app_check_approval(KcApp *app, KcTx *tx, const KcCaseRow *row, const KcDeterminationRow *draft_row,
                      const KcDetermination *draft, KcResult *result, GError **error)
{
    g_autoptr(GPtrArray) grounds = kc_app_approval_grounds(app, row, draft);
    g_autoptr(KcApprovalRow) approval = NULL;
    if (grounds->len == 0)
        return TRUE;
    if (!kc_approval_store_get(tx, row->id, &approval, error))
        return FALSE;
    g_autofree char *sha256 = kc_app_draft_sha256(draft_row);
    gboolean approved = approval != NULL && approval->approved_us > 0 && strcmp(approval->draft_sha256, sha256) == 0;
    return approved || refuse_unapproved(grounds, result);
}
