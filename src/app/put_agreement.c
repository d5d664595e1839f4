/* The draft that the parties write together; each states its own particulars, and the desk anybody's. */
#include "src/app/agreement_check.h"
#include "src/app/determination_check.h"

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 expected_version;
    const KcAgreement *draft;
    gint64 now_us;
    KcResult *result;
} PutAgreement;

static KcParty *
find_party(const GPtrArray *parties, const char *party_id)
{
    for (guint i = 0; i < parties->len; i++)
        if (g_strcmp0(((KcParty *)parties->pdata[i])->id, party_id) == 0)
            return parties->pdata[i];
    return NULL;
}

static gboolean
check_named(PutAgreement *self, const GPtrArray *parties)
{
    const GPtrArray *named = self->draft->accident->parties;
    for (guint i = 0; i < named->len; i++) {
        const KcDeterminationParty *party = named->pdata[i];
        g_autofree char *pointer = g_strdup_printf("/parties/%u/party_id", i);
        if (find_party(parties, party->party_id) == NULL)
            kc_refuse_field(self->result, pointer, "不是本案当事人 / not a party of this case");
        else if (kc_agreement_find_party(self->draft, party->party_id) != (int)i)
            kc_refuse_field(self->result, pointer, "当事人重复 / the same party twice");
    }
    return self->result->kind == KC_RESULT_OK;
}

static KcParticulars
particulars_of(const KcDeterminationParty *record, const KcSettler *settler)
{
    return (KcParticulars){
        .name = settler->name,
        .phone = settler->phone,
        .id_number = settler->id_number,
        .plate_number = record->plate_number,
        .plate_type = record->plate_type,
        .vehicle_type = record->vehicle_type,
        .licence_number = record->licence_number,
        .insurer = record->insurer,
        .insurance_certificate = record->insurance_certificate,
    };
}

/* Leaves in `said` only what is not known so already; TRUE if that is anything. */
static gboolean
keep_news(KcParticulars *said, const KcParty *party)
{
    gboolean news = FALSE;
    for (const KcParticularField *field = kc_app_particular_fields; field->name != NULL; field++) {
        const char **value = G_STRUCT_MEMBER_P(said, field->said);
        const char *known = G_STRUCT_MEMBER(char *, party, field->known);
        if (*value != NULL && strcmp(*value, known != NULL ? known : "") == 0)
            *value = NULL;
        news = news || *value != NULL;
    }
    return news;
}

static gboolean
refuse_foreign(PutAgreement *self, const KcParticulars *said, const char *prefix)
{
    for (const KcParticularField *field = kc_app_particular_fields; field->name != NULL; field++) {
        g_autofree char *pointer = g_strconcat(prefix, "/", field->name, NULL);
        if (G_STRUCT_MEMBER(const char *, said, field->said) != NULL)
            kc_refuse_field(self->result, pointer, "请由对方本人填写 / only that party says this of itself");
    }
    return FALSE;
}

static gboolean
state_particulars(PutAgreement *self, KcTx *tx, const KcCaseRow *row, GPtrArray *parties, GError **error)
{
    for (guint i = 0; i < self->draft->settlers->len; i++) {
        const KcDeterminationParty *record = self->draft->accident->parties->pdata[i];
        KcParty *party = find_party(parties, record->party_id);
        KcParticulars said = particulars_of(record, self->draft->settlers->pdata[i]);
        g_autofree char *prefix = g_strdup_printf("/parties/%u", i);
        if (!keep_news(&said, party))
            continue;
        if (self->who->party_id != NULL && strcmp(self->who->party_id, party->id) != 0) {
            refuse_foreign(self, &said, prefix);
            continue;
        }
        if (!kc_app_apply_particulars(kc_app_rules_of(self->app, row), &said, prefix, party, self->result))
            continue;
        json_t *entry = json_pack("{s:s, s:o}", "party_id", party->id, "fields", kc_app_particulars_named(&said));
        if (!kc_app_log(tx, self->who, self->case_id, "party.updated", self->now_us, entry, error) ||
            kc_party_store_update(tx, party, error) != KC_UPDATE_DONE)
            return FALSE;
    }
    return self->result->kind == KC_RESULT_OK;
}

/* The draft with what is known of the parties; NULL: it contradicts itself. */
static KcAgreement *
complete(PutAgreement *self, const KcCaseRow *row, const GPtrArray *parties)
{
    g_autoptr(json_t) json = kc_agreement_to_json(self->draft);
    g_autoptr(KcAgreement) agreement = kc_agreement_from_json(json, NULL);
    kc_app_fill_agreement(self->app, row, agreement, parties);
    g_autoptr(GPtrArray) findings = kc_app_check_agreement(self->app, row, agreement);
    for (guint i = findings->len; i > 0; i--)
        if (((const KcFinding *)findings->pdata[i - 1])->kind == KC_FINDING_MISSING)
            g_ptr_array_remove_index(findings, i - 1);
    return kc_app_refuse_findings(findings, self->result) ? g_steal_pointer(&agreement) : NULL;
}

static gboolean
keep(PutAgreement *self, KcTx *tx, KcCaseRow *row, const KcAgreement *agreement, GError **error)
{
    g_autofree char *text = kc_json_text(kc_agreement_to_json(agreement));
    KcAgreementRow kept = {row->id, text, self->now_us};
    return kc_agreement_store_put(tx, &kept, error) &&
           kc_app_log(tx, self->who, row->id, "agreement.drafted", self->now_us, NULL, error) &&
           kc_app_withdraw_changed(self->app, tx, self->who, row, self->now_us, error) &&
           kc_app_save_case(tx, row, self->now_us, error);
}

static gboolean
put_agreement(KcTx *tx, gpointer data, GError **error)
{
    PutAgreement *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    if (!kc_app_load_case(tx, self->who, KC_ACTION_SETTLE, self->case_id, &row, self->result, error) ||
        !kc_app_check_version(row, self->expected_version, self->result) ||
        !kc_app_check_settlement(self->app, row, self->result) ||
        !kc_app_apply(row, KC_CASE_DRAFT_AGREEMENT, NULL, self->now_us, self->result))
        return FALSE;
    g_autoptr(GPtrArray) parties = kc_party_store_list(tx, row->id, error);
    if (parties == NULL || !check_named(self, parties) || !state_particulars(self, tx, row, parties, error))
        return FALSE;
    g_autoptr(KcAgreement) agreement = complete(self, row, parties);
    return agreement != NULL && keep(self, tx, row, agreement, error);
}

gboolean
kc_app_put_agreement(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                     const KcAgreement *draft, KcCaseView **ret_case, KcResult *result, GError **error)
{
    PutAgreement self = {app, who, case_id, expected_version, draft, kc_app_now(app), result};
    return kc_app_write(app, put_agreement, &self, result, error) &&
           kc_app_read_view(app, who, case_id, ret_case, error);
}
