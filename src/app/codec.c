/* What the store keeps as JSON: triage, eligibility, the draft of a determination. The draft has the shape of the API.
 */
#include "src/app/codec_private.h"
#include "src/app/determinations.h"
#include "src/app/internal.h"

char *
kc_json_text(json_t *taken)
{
    g_autoptr(json_t) value = taken;
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

json_t *
kc_json_parse(const char *text)
{
    json_t *value = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (json_is_object(value))
        return value;
    json_decref(value);
    return json_object();
}

/* One field as the API has it: null for what is not said. */
json_t *
kc_triage_field_to_json(const KcTriage *triage, KcTriageField field)
{
    const char *name = kc_triage_field_to_string(field);
    const char *code;
    gboolean answer = FALSE;
    switch (kc_triage_field_kind(name)) {
    case KC_ANSWER_INJURY:
        return json_string(kc_injury_to_string(triage->injury));
    case KC_ANSWER_CODE:
        code = kc_triage_get_code(triage, name);
        return code[0] != '\0' ? json_string(code) : json_null();
    case KC_ANSWER_NUMBER:
        return triage->loss_cny > 0 ? json_integer(triage->loss_cny) : json_null();
    default:
        kc_triage_get(triage, name, &answer);
        return json_boolean(answer);
    }
}

json_t *
kc_triage_to_json(const KcTriage *triage)
{
    json_t *root = json_object();
    for (guint i = 0; i < KC_TRIAGE_FIELD_COUNT; i++)
        json_object_set_new(root, kc_triage_field_to_string(i), kc_triage_field_to_json(triage, i));
    return root;
}

void
kc_triage_from_json(const json_t *root, KcTriage *ret_triage)
{
    *ret_triage = (KcTriage){0};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)root, name, value)
    {
        if (kc_triage_field_kind(name) == KC_ANSWER_INJURY && json_is_string(value))
            kc_injury_from_string(json_string_value(value), &ret_triage->injury);
        else if (kc_triage_field_kind(name) == KC_ANSWER_CODE && json_is_string(value))
            kc_triage_set_code(ret_triage, name, json_string_value(value));
        else if (kc_triage_field_kind(name) == KC_ANSWER_NUMBER)
            ret_triage->loss_cny = json_integer_value(value);
        else
            kc_triage_set(ret_triage, name, json_is_true(value));
    }
}

json_t *
kc_eligibility_to_json(const KcEligibility *eligibility, const char *rules_version, gint64 at_us)
{
    json_t *grounds = json_array();
    for (guint i = 0; i < eligibility->grounds->len; i++) {
        const KcEligibilityRule *rule = eligibility->grounds->pdata[i];
        json_array_append_new(grounds, json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", rule->code, "kind",
                                                 kc_rule_kind_to_string(rule->kind), "legal_basis", rule->legal_basis,
                                                 "title_zh", rule->title_zh, "title_en", rule->title_en));
    }
    return json_pack("{s:s, s:o, s:s, s:I}", "outcome", kc_outcome_to_string(eligibility->outcome), "grounds", grounds,
                     "rules_version", rules_version, "at_us", (json_int_t)at_us);
}

static void
ground_free(gpointer data)
{
    KcGroundView *ground = data;
    g_free(ground->code);
    g_free(ground->legal_basis);
    g_free(ground->title_zh);
    g_free(ground->title_en);
    g_free(ground);
}

static char *
dup_text(const json_t *object, const char *key)
{
    return g_strdup(json_string_value(json_object_get(object, key)));
}

GPtrArray *
kc_grounds_from_json(const json_t *root, KcOutcome *ret_outcome)
{
    const char *outcome = json_string_value(json_object_get(root, "outcome"));
    *ret_outcome = KC_OUTCOME_REMOTE;
    if (outcome != NULL)
        kc_outcome_from_string(outcome, ret_outcome);
    GPtrArray *grounds = g_ptr_array_new_with_free_func(ground_free);
    const json_t *item;
    size_t i;
    json_array_foreach(json_object_get(root, "grounds"), i, item)
    {
        KcGroundView *ground = g_new0(KcGroundView, 1);
        ground->code = dup_text(item, "code");
        ground->legal_basis = dup_text(item, "legal_basis");
        /* Cases from before there was local policy name the law alone. */
        const char *kind = json_string_value(json_object_get(item, "kind"));
        if (kind == NULL || !kc_rule_kind_from_string(kind, &ground->kind))
            ground->kind = KC_RULE_LAW;
        ground->title_zh = dup_text(item, "title_zh");
        ground->title_en = dup_text(item, "title_en");
        g_ptr_array_add(grounds, ground);
    }
    return grounds;
}

/* ---- the draft ---- */

json_t *
kc_codec_text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *
kc_codec_time_or_null(gint64 at_us)
{
    g_autofree char *text = kc_timestamp_format(at_us);
    return kc_codec_text_or_null(text);
}

json_t *
kc_codec_party_to_json(const KcDeterminationParty *party)
{
    json_t *root = json_object();
    json_object_set_new(root, "party_id", kc_codec_text_or_null(party->party_id));
    json_object_set_new(root, "vehicle_type", kc_codec_text_or_null(party->vehicle_type));
    json_object_set_new(root, "plate_number", kc_codec_text_or_null(party->plate_number));
    json_object_set_new(root, "plate_type", kc_codec_text_or_null(party->plate_type));
    json_object_set_new(root, "insurer", kc_codec_text_or_null(party->insurer));
    json_object_set_new(root, "insurance_certificate", kc_codec_text_or_null(party->insurance_certificate));
    json_object_set_new(root, "licence_number", kc_codec_text_or_null(party->licence_number));
    json_object_set_new(root, "collision_part", kc_codec_text_or_null(party->collision_part));
    json_object_set_new(root, "liability", kc_codec_text_or_null(kc_liability_to_string(party->liability)));
    json_t *violations = json_array();
    for (guint i = 0; i < party->violations->len; i++)
        json_array_append_new(violations, json_string(party->violations->pdata[i]));
    json_object_set_new(root, "violations", violations);
    return root;
}

static json_t *
reason_to_json(const KcReason *reason)
{
    json_t *evidence = json_array();
    for (guint i = 0; i < reason->evidence->len; i++) {
        const KcEvidenceRef *ref = reason->evidence->pdata[i];
        json_t *item = json_pack("{s:s}", "kind", kc_evidence_kind_to_string(ref->kind));
        json_object_set_new(item, "id", kc_codec_text_or_null(ref->id));
        json_object_set_new(item, "at_ms", ref->at_ms >= 0 ? json_integer(ref->at_ms) : json_null());
        json_array_append_new(evidence, item);
    }
    json_t *root = json_object();
    json_object_set_new(root, "text", kc_codec_text_or_null(reason->text));
    json_object_set_new(root, "evidence", evidence);
    return root;
}

json_t *
kc_determination_to_json(const KcDetermination *determination)
{
    json_t *root = json_object();
    g_autofree char *occurred = kc_timestamp_format(determination->occurred_at_us);
    json_object_set_new(root, "occurred_at", kc_codec_text_or_null(occurred));
    json_object_set_new(root, "place_text", kc_codec_text_or_null(determination->place_text));
    json_object_set_new(root, "weather", kc_codec_text_or_null(determination->weather));
    json_object_set_new(root, "accident_form", kc_codec_text_or_null(determination->accident_form));
    json_object_set_new(root, "collision_type", kc_codec_text_or_null(determination->collision_type));
    json_object_set_new(root, "collision_object", kc_codec_text_or_null(determination->collision_object));
    json_object_set_new(root, "road_type", kc_codec_text_or_null(determination->road_type));
    json_object_set_new(root, "road_class", kc_codec_text_or_null(determination->road_class));
    json_object_set_new(root, "scene", kc_codec_text_or_null(determination->scene));
    json_object_set_new(root, "facts", kc_codec_text_or_null(determination->facts));
    json_object_set_new(root, "cause", kc_codec_text_or_null(determination->cause));
    json_object_set_new(root, "injured",
                        determination->injured >= 0 ? json_integer(determination->injured) : json_null());
    json_object_set_new(root, "damage_cny",
                        determination->damage_cny >= 0 ? json_integer(determination->damage_cny) : json_null());
    json_object_set_new(root, "mediation", kc_codec_text_or_null(kc_mediation_to_string(determination->mediation)));
    json_object_set_new(root, "mediation_result", kc_codec_text_or_null(determination->mediation_result));
    json_t *parties = json_array();
    for (guint i = 0; i < determination->parties->len; i++)
        json_array_append_new(parties, kc_codec_party_to_json(determination->parties->pdata[i]));
    json_object_set_new(root, "parties", parties);
    json_t *reasons = json_array();
    for (guint i = 0; i < determination->reasons->len; i++)
        json_array_append_new(reasons, reason_to_json(determination->reasons->pdata[i]));
    json_object_set_new(root, "reasons", reasons);
    return root;
}

/* Reading: the pointer says where what is wrong stands. */
static const KcTextField DRAFT_TEXTS[] = {
    {"place_text", G_STRUCT_OFFSET(KcDetermination, place_text)},
    {"weather", G_STRUCT_OFFSET(KcDetermination, weather)},
    {"accident_form", G_STRUCT_OFFSET(KcDetermination, accident_form)},
    {"collision_type", G_STRUCT_OFFSET(KcDetermination, collision_type)},
    {"collision_object", G_STRUCT_OFFSET(KcDetermination, collision_object)},
    {"road_type", G_STRUCT_OFFSET(KcDetermination, road_type)},
    {"road_class", G_STRUCT_OFFSET(KcDetermination, road_class)},
    {"scene", G_STRUCT_OFFSET(KcDetermination, scene)},
    {"facts", G_STRUCT_OFFSET(KcDetermination, facts)},
    {"cause", G_STRUCT_OFFSET(KcDetermination, cause)},
    {"mediation_result", G_STRUCT_OFFSET(KcDetermination, mediation_result)},
    {NULL, 0},
};

const KcTextField kc_codec_party_texts[] = {
    {"party_id", G_STRUCT_OFFSET(KcDeterminationParty, party_id)},
    {"vehicle_type", G_STRUCT_OFFSET(KcDeterminationParty, vehicle_type)},
    {"plate_number", G_STRUCT_OFFSET(KcDeterminationParty, plate_number)},
    {"plate_type", G_STRUCT_OFFSET(KcDeterminationParty, plate_type)},
    {"insurer", G_STRUCT_OFFSET(KcDeterminationParty, insurer)},
    {"insurance_certificate", G_STRUCT_OFFSET(KcDeterminationParty, insurance_certificate)},
    {"licence_number", G_STRUCT_OFFSET(KcDeterminationParty, licence_number)},
    {"collision_part", G_STRUCT_OFFSET(KcDeterminationParty, collision_part)},
    {NULL, 0},
};

gboolean
kc_codec_take_text(const KcTextField *fields, const char *key, const json_t *value, gpointer target, gboolean *ret_known)
{
    *ret_known = FALSE;
    for (const KcTextField *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, key) != 0)
            continue;
        *ret_known = TRUE;
        if (!json_is_string(value) && !json_is_null(value))
            return FALSE;
        char **slot = G_STRUCT_MEMBER_P(target, field->offset);
        g_free(*slot);
        *slot = g_strdup(json_string_value(value));
        return TRUE;
    }
    return FALSE;
}

gboolean
kc_codec_fail_at(char **ret_pointer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (ret_pointer != NULL)
        *ret_pointer = g_strdup_vprintf(format, args);
    va_end(args);
    return FALSE;
}

gboolean
kc_codec_read_liability(const json_t *value, KcLiability *ret_liability)
{
    return json_is_null(value) ||
           (json_is_string(value) && kc_liability_from_string(json_string_value(value), ret_liability));
}

gboolean
kc_codec_read_time(const json_t *value, gint64 *ret_unix_us)
{
    return json_is_null(value) || (json_is_string(value) && kc_timestamp_parse(json_string_value(value), ret_unix_us));
}

gboolean
kc_codec_read_violations(const json_t *value, KcDeterminationParty *party)
{
    if (!json_is_array(value) || json_array_size(value) > 20)
        return FALSE;
    const json_t *item;
    size_t i;
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return FALSE;
        g_ptr_array_add(party->violations, g_strdup(json_string_value(item)));
    }
    return TRUE;
}

static gboolean
read_party(const json_t *root, guint number, gpointer parties, char **ret_pointer)
{
    if (!json_is_object(root))
        return kc_codec_fail_at(ret_pointer, "/parties/%u", number);
    g_autoptr(KcDeterminationParty) party = kc_determination_party_new();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        gboolean known = FALSE;
        if (kc_codec_take_text(kc_codec_party_texts, key, value, party, &known))
            continue;
        if (!known && strcmp(key, "liability") == 0 && kc_codec_read_liability(value, &party->liability))
            continue;
        if (!known && strcmp(key, "violations") == 0 && kc_codec_read_violations(value, party))
            continue;
        return kc_codec_fail_at(ret_pointer, "/parties/%u/%s", number, key);
    }
    g_ptr_array_add(parties, g_steal_pointer(&party));
    return TRUE;
}

static gboolean
read_evidence(const json_t *root, KcReason *reason)
{
    const char *kind_text = json_string_value(json_object_get(root, "kind"));
    const char *id = json_string_value(json_object_get(root, "id"));
    const json_t *at = json_object_get(root, "at_ms");
    KcEvidenceKind kind;
    if (kind_text == NULL || id == NULL || !kc_evidence_kind_from_string(kind_text, &kind))
        return FALSE;
    if (at != NULL && !json_is_null(at) && (!json_is_integer(at) || json_integer_value(at) < 0))
        return FALSE;
    gint64 at_ms = json_is_integer(at) ? json_integer_value(at) : -1;
    g_ptr_array_add(reason->evidence, kc_evidence_ref_new(kind, id, at_ms));
    return TRUE;
}

static gboolean
read_reason(const json_t *root, guint number, gpointer reasons, char **ret_pointer)
{
    const json_t *text = json_object_get(root, "text"), *evidence = json_object_get(root, "evidence");
    if (!json_is_object(root) || (text != NULL && !json_is_null(text) && !json_is_string(text)))
        return kc_codec_fail_at(ret_pointer, "/reasons/%u/text", number);
    if (evidence != NULL && (!json_is_array(evidence) || json_array_size(evidence) > 50))
        return kc_codec_fail_at(ret_pointer, "/reasons/%u/evidence", number);
    g_autoptr(KcReason) reason = kc_reason_new();
    reason->text = g_strdup(json_string_value(text));
    const json_t *item;
    size_t i;
    json_array_foreach(evidence, i, item)
    {
        if (!read_evidence(item, reason))
            return kc_codec_fail_at(ret_pointer, "/reasons/%u/evidence/%zu", number, i);
    }
    g_ptr_array_add(reasons, g_steal_pointer(&reason));
    return TRUE;
}

gboolean
kc_codec_read_list(const json_t *value, const char *key, guint max, KcReadItem read, gpointer target,
                   char **ret_pointer)
{
    if (!json_is_array(value) || json_array_size(value) > max)
        return kc_codec_fail_at(ret_pointer, "/%s", key);
    const json_t *item;
    size_t i;
    json_array_foreach(value, i, item)
    {
        if (!read(item, i, target, ret_pointer))
            return FALSE;
    }
    return TRUE;
}

gboolean
kc_codec_read_number(const json_t *value, gint64 max, gint64 *ret_number)
{
    *ret_number = -1;
    if (json_is_null(value))
        return TRUE;
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > max)
        return FALSE;
    *ret_number = json_integer_value(value);
    return TRUE;
}

static gboolean
read_member(KcDetermination *draft, const char *key, const json_t *value, char **ret_pointer)
{
    gboolean known = FALSE;
    gint64 number;
    if (kc_codec_take_text(DRAFT_TEXTS, key, value, draft, &known))
        return TRUE;
    if (!known && strcmp(key, "parties") == 0)
        return kc_codec_read_list(value, key, KC_LIMIT_PARTIES_PER_CASE, read_party, draft->parties, ret_pointer);
    if (!known && strcmp(key, "reasons") == 0)
        return kc_codec_read_list(value, key, 50, read_reason, draft->reasons, ret_pointer);
    if (!known && strcmp(key, "injured") == 0 && kc_codec_read_number(value, 1000, &number)) {
        draft->injured = number;
        return TRUE;
    }
    if (!known && strcmp(key, "damage_cny") == 0 && kc_codec_read_number(value, 1000 * 1000 * 1000, &number)) {
        draft->damage_cny = number;
        return TRUE;
    }
    if (!known && strcmp(key, "mediation") == 0 &&
        (json_is_null(value) || kc_mediation_from_string(json_string_value(value), &draft->mediation)))
        return TRUE;
    if (!known && strcmp(key, "occurred_at") == 0 && kc_codec_read_time(value, &draft->occurred_at_us))
        return TRUE;
    return kc_codec_fail_at(ret_pointer, "/%s", key);
}

KcDetermination *
kc_determination_from_json(const json_t *root, char **ret_pointer)
{
    if (!json_is_object(root)) {
        kc_codec_fail_at(ret_pointer, "%s", "");
        return NULL;
    }
    g_autoptr(KcDetermination) draft = kc_determination_new();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value)
    {
        if (!read_member(draft, key, value, ret_pointer))
            return NULL;
    }
    return g_steal_pointer(&draft);
}
